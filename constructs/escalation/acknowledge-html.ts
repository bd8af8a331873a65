import { createHash } from 'node:crypto';

/** The page that a person sees after opening an acknowledge link. */
export type AcknowledgeView =
  | {
      readonly kind: 'ask';
      readonly meaning: string;
      readonly since: string;
      readonly name: string;
      readonly problem?: string;
    }
  | { readonly kind: 'done'; readonly meaning: string; readonly by: string; readonly at: string }
  | { readonly kind: 'taken'; readonly meaning: string; readonly by: string; readonly at: string }
  | { readonly kind: 'over'; readonly meaning: string }
  | { readonly kind: 'used' }
  | { readonly kind: 'expired' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'failed' };

/** Maximum length of a name, in characters. */
export const LONGEST_NAME = 60;

const STYLE = `
:root{color-scheme:light dark;--ground:#f6f7f9;--card:#fff;--text:#16191d;--soft:#565f6b;--line:#8a94a1;--go:#b3261e;--on-go:#fff;--good:#1b6e3c}
@media (prefers-color-scheme:dark){:root{--ground:#101317;--card:#1a1f25;--text:#eef1f4;--soft:#a7b0bb;--line:#76818d;--go:#ff8a80;--on-go:#2b0502;--good:#7fd6a0}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;min-height:100dvh;display:grid;place-items:center;padding:1rem;background:var(--ground);color:var(--text);font:1.0625rem/1.5 system-ui,sans-serif}
main{width:100%;max-width:26rem;padding:1.5rem;border-radius:1rem;background:var(--card);box-shadow:0 1px 3px rgb(0 0 0/.15)}
p{margin:0 0 1rem;overflow-wrap:anywhere}
h1{margin:0 0 .75rem;font-size:1.375rem;line-height:1.25;overflow-wrap:anywhere}
.where,.soft{color:var(--soft)}
.where{margin-bottom:.25rem;font-size:.9375rem}
.good{color:var(--good)}
.problem{color:var(--go);font-weight:600}
label{display:block;margin-bottom:.25rem;font-weight:600}
input{width:100%;min-height:3rem;margin-bottom:1rem;padding:.5rem .75rem;border:1px solid var(--line);border-radius:.5rem;background:transparent;color:inherit;font:inherit}
button{width:100%;min-height:3.5rem;border:0;border-radius:.5rem;background:var(--go);color:var(--on-go);font:inherit;font-size:1.125rem;font-weight:700;cursor:pointer}
:focus-visible{outline:3px solid var(--text);outline-offset:2px}
.last{margin:1rem 0 0;font-size:.9375rem}
`;

/** Content security policy: allows only the page's own style, and a form that posts to the page's own origin. */
export const ACKNOWLEDGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const STATUS: Record<AcknowledgeView['kind'], number> = {
  ask: 200,
  done: 200,
  taken: 409,
  over: 410,
  used: 410,
  expired: 410,
  unknown: 404,
  failed: 503,
};

/** Renders the acknowledge page. The page contains no scripts. */
export function acknowledgePage(
  view: AcknowledgeView,
  environment: string,
): { status: number; html: string } {
  const { title, content } = contentOf(view);
  return {
    status: view.kind === 'ask' && view.problem ? 400 : STATUS[view.kind],
    html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">
<title>${escaped(title)} – ${escaped(environment)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<p class="where">${escaped(environment)}</p>
<h1>${escaped(title)}</h1>
${content}
</main>
</body>
</html>
`,
  };
}

function contentOf(view: AcknowledgeView): { title: string; content: string } {
  const p = (text: string, name = '') => `<p${name && ` class="${name}"`}>${escaped(text)}</p>`;
  switch (view.kind) {
    case 'ask':
      return {
        title: view.meaning,
        content: `${p(`Since ${clock(view.since)}`, 'soft')}
${view.problem ? `<p class="problem" id="problem" role="alert">${escaped(view.problem)}</p>\n` : ''}<form method="post">
<label for="name">Your name</label>
<input id="name" name="name" value="${escaped(view.name)}" maxlength="${LONGEST_NAME}" autocomplete="name" required${view.problem ? ' aria-describedby="problem" aria-invalid="true"' : ''}>
<button>Acknowledge</button>
</form>
${p('You take over the incident, and nobody else is paged.', 'soft last')}`,
      };
    case 'done':
      return {
        title: 'You have taken over this incident',
        content: `${p(`${view.by}, you acknowledged the incident at ${clock(view.at)}.`, 'good')}\n${p(view.meaning)}\n${p('If the alarm keeps firing, you will be paged again.', 'soft')}`,
      };
    case 'taken':
      return {
        title: `${view.by} has taken over this incident`,
        content: `${p(`Acknowledged at ${clock(view.at)}: ${view.meaning}`)}\n${p('You do not need to do anything.', 'soft')}`,
      };
    case 'over':
      return { title: 'This incident is over', content: p(view.meaning) };
    case 'used':
      return {
        title: 'This link has already been used',
        content: p('If you have been paged again since, use the link in the newest message.'),
      };
    case 'expired':
      return {
        title: 'This link has expired',
        content: p('If the alarm still fires, use the link in the newest message.'),
      };
    case 'unknown':
      return {
        title: 'This link is not valid',
        content: p('Check that you copied the whole link. Some mail programs break long links.'),
      };
    case 'failed':
      return {
        title: 'The incident was not acknowledged',
        content: p(
          'Something failed on our side. Go back and try again. Pages continue until somebody acknowledges.',
        ),
      };
  }
}

function clock(iso: string): string {
  return `${iso.slice(11, 16)} UTC on ${iso.slice(0, 10)}`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
