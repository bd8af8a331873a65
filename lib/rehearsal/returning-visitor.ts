const NAVIGATION = { accept: 'text/html', 'sec-fetch-mode': 'navigate' };
const POLICY = 'content-security-policy';

interface Copy {
  readonly tag: string;
  readonly policy: string | null;
}

/**
 * A browser that comes back with its copy of the page. Where the server says that the copy is still good (304), the
 * browser shows the copy with the headers that it came with: Chromium takes no header that begins with `content-` from a
 * 304.
 */
export class ReturningVisitor {
  private copy?: Copy;

  /**
   * Asks for the page of a release.
   * @param url address of the application, without a slash at its end
   * @throws Error when the visitor keeps the Content Security Policy of an earlier release
   */
  async visit(url: string): Promise<void> {
    const { copy } = this;
    const fresh = await fetch(`${url}/`, { headers: NAVIGATION });
    await fresh.arrayBuffer();
    const policy = fresh.headers.get(POLICY);
    if (copy && copy.policy !== policy) {
      const again = await fetch(`${url}/`, { headers: { ...NAVIGATION, 'if-none-match': copy.tag } });
      await again.arrayBuffer();
      if (again.status === 304)
        throw new Error(
          'a visitor who comes back keeps the Content Security Policy of the release before: the page has the same entity tag although its policy is another',
        );
    }
    this.copy = { tag: fresh.headers.get('etag') ?? '', policy };
  }
}
