/** Names of values that prove who the user is. */
const last =
  /^(auth|access|refresh|id|user|admin|session|login|api|bearer|jwt|my)?(token|jwt)$|^(password|passwd|pwd)$/;
/** Words beside them in names of other values: states of the page, tokens that are public, tokens of a visitor. */
const others = new Set(
  [
    'csrf xsrf fcm push device apns expo notification invite invitation referral share sharing guest cart anonymous',
    'anon visitor selected favorite design theme color show hide hidden visible remember forgot has is last captcha',
    'recaptcha hcaptcha turnstile mapbox public widget contract nft coin crypto swap from to base quote recent max',
    'page cursor next continuation sync demo mock no with without require requires needs',
  ].flatMap((line) => line.split(' ')),
);

/** Returns true for a name such as `accessToken`, `auth_token`, `shop.jwt` or `password`. */
export function isTokenName(name: string): boolean {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '' && !/^(key|name|storage|v?\d+)$/.test(word));
  return last.test(words.at(-1) ?? '') && !words.some((word) => others.has(word));
}
