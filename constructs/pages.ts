/** Most pages of a list. The longest list that this package reads, the versions of a task definition, has 10,000. */
const MOST = 1_000;

/**
 * Reads a list page by page. A service that returns the same token again would never come to an end.
 * @param read returns the page with a token, the first page without one
 * @param next returns the token of the next page
 * @throws Error for a token that repeats, and for too many pages
 */
export async function* pages<T>(
  read: (token: string | undefined) => Promise<T>,
  next: (page: T) => string | undefined,
): AsyncGenerator<T> {
  const seen = new Set<string>();
  for (let token: string | undefined; ; ) {
    const page = await read(token);
    yield page;
    // Some services return an empty token with the last page.
    token = next(page) || undefined;
    if (token === undefined) return;
    if (seen.has(token) || seen.size === MOST)
      throw new Error(
        `AWS does not come to the end of a list: it sends ${seen.has(token) ? 'a token of an earlier page' : `more than ${MOST} pages`}; try again later`,
      );
    seen.add(token);
  }
}
