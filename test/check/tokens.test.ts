import { expect, test } from 'vitest';
import { type Files, places } from './support';

const imports: Readonly<Record<string, string>> = {
  'jwt.': "import jwt from 'jsonwebtoken';",
  decodeJwt: "import { decodeJwt } from 'jose';",
  jwtVerify: "import { jwtVerify } from 'jose';",
  expressjwt: "import { expressjwt } from 'express-jwt';",
  Strategy: "import passport from 'passport'; import { Strategy } from 'passport-jwt';",
};
const server = (middleware: string): Files => ({
  'server/index.ts': `import express from 'express'; ${Object.entries(imports)
    .filter(([name]) => middleware.includes(name))
    .map(([, text]) => text)
    .join(' ')}
const app = express();
${middleware}
app.get('/api/entries', (request, response) => response.json([]));
app.listen(8080);`,
});
const use = (body: string) => `app.use(async (req, res, next) => { ${body} next(); });`;
const found = (middleware: string) => places('token-unverified', server(middleware));

test.each([
  [
    'jsonwebtoken',
    use(
      "const token = req.headers.authorization?.split(' ')[1]; const claims = jwt.decode(token); req.user = claims;",
    ),
  ],
  ['jose', use('const { token } = req.cookies; res.locals.name = decodeJwt(token).name;')],
  [
    'a helper',
    "function claimsOf(token) { return decodeJwt(token); } app.use((req, res, next) => { const header = req.get('authorization'); if (!header?.startsWith('Bearer ')) return res.sendStatus(401); req.user = claimsOf(header.slice(7)); next(); });",
  ],
  [
    'the user, although other code verifies',
    use("req.user = jwt.decode(req.headers['x-token']);") +
      "app.post('/renew', (req, res) => res.json(jwt.verify(req.body.token, process.env.KEY)));",
  ],
  ['no signature', use("jwt.verify(req.cookies.token, process.env.KEY, { algorithms: ['HS256', 'none'] });")],
  ['no end', use('jwt.verify(req.cookies.token, process.env.KEY, { ignoreExpiration: true });')],
  [
    'a strategy without an end',
    'passport.use(new Strategy({ secretOrKey: process.env.KEY, ignoreExpiration: true }, (claims, done) => done(null, claims)));',
  ],
  [
    'a strategy with inner options',
    'const options = { ignoreExpiration: true }; passport.use(new Strategy({ jsonWebTokenOptions: options }, (claims, done) => done(null, claims)));',
  ],
  ['express-jwt', "app.use(expressjwt({ secret: process.env.KEY, algorithms: ['none'] }));"],
])('a token is not verified: %s', async (_, middleware) => {
  expect(await found(middleware)).toEqual(['server/index.ts:3']);
});

test.each([
  ['verify', use("req.user = jwt.verify(req.cookies.token, process.env.KEY, { algorithms: ['HS256'] });")],
  [
    'the header says which key verifies',
    use(
      'const { header } = jwt.decode(req.cookies.token, { complete: true }); req.user = jwt.verify(req.cookies.token, process.env[header.kid]);',
    ),
  ],
  [
    'another function verifies before',
    "app.use(async (req, res, next) => { await jwtVerify(req.cookies.token, key); next(); }); const key = new Uint8Array(1); app.get('/end', (req, res) => res.json(decodeJwt(req.cookies.token).exp));",
  ],
  [
    'a token of the identity provider',
    "app.get('/callback', async (req, res) => { const tokens = await fetch('https://id.example/token', { body: req.query.code }).then((r) => r.json()); req.session.user = decodeJwt(tokens.id_token); res.redirect('/'); });",
  ],
  [
    'a token of the server itself',
    "app.post('/session', (req, res) => { const token = jwt.sign({ id: 1 }, process.env.KEY, { expiresIn: '1h' }); res.json({ token, end: jwt.decode(token).exp }); });",
  ],
  [
    'a token that the load balancer has verified',
    use("req.user = jwt.decode(req.headers['x-amzn-oidc-data']);"),
  ],
  [
    'a token that ended is renewed',
    "app.post('/renew', (req, res) => { const { id } = jwt.verify(req.cookies.token, process.env.KEY, { ignoreExpiration: true }); res.json(renewSession(id, req.cookies.refreshToken)); }); const renewSession = (id, token) => [id, token];",
  ],
  [
    'the code checks the end itself',
    use(
      'const claims = jwt.verify(req.cookies.token, process.env.KEY, { ignoreExpiration: true }); if (claims.exp < Date.now() / 1000) return res.sendStatus(401);',
    ),
  ],
  ['no option', use('jwt.verify(req.cookies.token, process.env.KEY, { ignoreExpiration: false });')],
  [
    'an option that depends on the route',
    'const check = (isRequired) => expressjwt({ ignoreExpiration: !isRequired, algorithms: ["HS256"], secret: process.env.KEY }); app.use(check(JSON.parse("true")));',
  ],
])('a token is verified, or needs no verification: %s', async (_, middleware) => {
  expect(await found(middleware)).toEqual([]);
});
