const NAVIGATION = { accept: 'text/html', 'sec-fetch-mode': 'navigate' };
const POLICY = 'content-security-policy';

interface Copy {
  readonly tag: string;
  readonly policy: string | null;
}

/**
 * A browser that returns with a cached page. If the server answers 304, the browser shows the cached page with its old
 * headers: Chromium ignores all `content-` headers of a 304.
 */
export class ReturningVisitor {
  private copy?: Copy;

  /**
   * Requests the page of a release.
   * @param url address of the application, without a trailing slash
   * @throws Error if the visitor keeps the Content Security Policy of an earlier release
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
          'a returning visitor keeps the Content Security Policy of the former release, because the page has the same entity tag and another policy',
        );
    }
    this.copy = { tag: fresh.headers.get('etag') ?? '', policy };
  }
}
