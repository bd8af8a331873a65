/** Matches names of values that only the server may know. */
const secretName =
  /(SECRET|PASSWORD|PASSWD|PRIVATE_?KEY|SIGNING_?KEY|ENCRYPTION_?KEY|ADMIN_(API_)?(TOKEN|KEY)|SERVICE_ROLE|DATABASE_URL|CONNECTION_STRING|(OPENAI|ANTHROPIC|GEMINI|GROQ|MISTRAL|DEEPSEEK|HUGGINGFACE|REPLICATE|SENDGRID|MAILGUN|POSTMARK|RESEND|TWILIO|AWS|STRIPE|GITHUB|GITLAB|SLACK|NPM)\w*_((API_|ACCESS_)?(KEY|TOKEN)|PAT)$)/;
/** Matches public names. The address of a Firebase database has no password, and every client of it has the address. */
const publicName = /PUBLIC|PUBLISHABLE|ANON|(FIREBASE|FB|RTDB|REALTIME)_(\w+_)?DATABASE_URL/;

/** Returns true for the name of a variable whose value only the server may know. */
export function isSecretName(name: string): boolean {
  return secretName.test(name) && !publicName.test(name);
}

const properties = new Set(
  [
    'password passwd passphrase secret clientSecret apiSecret apiKey secretKey accessToken refreshToken authToken',
    'privateKey connectionString databaseUrl sessionSecret cookieSecret jwtSecret plainPassword newPassword',
    'oldPassword currentPassword dbPassword',
  ].flatMap((line) => line.toLowerCase().split(' ')),
);

/** Returns true for the name of a property or variable with a secret, such as `sessionSecret` or `api_key`. */
export function isSecretProperty(name: string): boolean {
  return properties.has(name.replaceAll('_', '').toLowerCase());
}
