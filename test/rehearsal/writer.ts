import { randomUUID } from 'node:crypto';

/** Somebody who signs the guestbook again and again, and at the end looks for what was acknowledged. */
export class Writer {
  acknowledged = 0;
  /** Messages that were acknowledged and are not there. */
  lost: string[] = [];
  /**
   * The values that must not appear in a log: names of writers, and credentials that let others write for
   * them.
   */
  readonly confidential: string[] = [];
  private readonly sent = new Set<string>();
  private readonly email = `${randomUUID()}@example.org`;
  private readonly token = randomUUID();
  private cookie = '';
  private url = '';
  private timer?: NodeJS.Timeout;
  private pending: Promise<void> = Promise.resolve();

  async start(url: string): Promise<void> {
    this.url = url;
    const password = randomUUID();
    // As people do who take the name for the address; it is refused.
    await this.post('/api/users', { name: this.email, password });
    const account = await this.post('/api/users', { name: `writer ${randomUUID().slice(0, 8)}`, password });
    if (!account.ok)
      throw new Error(`the guestbook takes no account: ${account.status} ${await account.text()}`);
    this.cookie = account.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const session = decodeURIComponent(this.cookie.split('=')[1] ?? '');
    this.confidential.push(this.email, password, this.token, session.replace(/^s:|\..*$/g, ''));
    this.timer = setInterval(() => {
      this.pending = this.pending.then(() => this.write());
    }, 250);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.pending;
    const found = new Set<string>();
    let page = '/api/entries';
    while (page) {
      const answer = await fetch(`${this.url}${page}`);
      const { entries, next } = (await answer.json()) as {
        entries: { id: number; message: string }[];
        next?: number;
      };
      for (const { message } of entries) found.add(message);
      page = next ? `/api/entries?before=${next}` : '';
    }
    this.lost = [...this.sent].filter((message) => !found.has(message));
  }

  private async write(): Promise<void> {
    const message = `Was here: ${randomUUID()}, write to ${this.email}`;
    const answer = await this.post(`/api/entries?email=${this.email}`, { message }).catch(() => undefined);
    if (!answer?.ok) return;
    this.acknowledged++;
    this.sent.add(message);
  }

  private post(path: string, body: object): Promise<Response> {
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${this.token}`,
      ...(this.cookie && { cookie: this.cookie }),
    };
    return fetch(`${this.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  }
}
