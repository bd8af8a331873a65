/**
 * Folder of the error pages, in the bucket and in URLs. It belongs to no release. An application is unlikely to use
 * this path.
 */
export const ERROR_FOLDER = '.error-pages';
export const ERROR_PAGE_NAME = '5xx.html';

/** Statuses that CloudFront or the load balancer sends, but not the application. */
export const GATEWAY_ERRORS = [502, 504];

/** Error statuses that CloudFront caches for ten seconds by default. */
export const CACHED_ERRORS = [404, 405, 414, 500, 501, 502, 503, 504];

/** Default error page. It loads no other files, because those requests could fail, too. */
export const ERROR_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Temporarily unavailable</title>
</head>
<body>
<h1>Temporarily unavailable</h1>
<p>Something between you and this service is not working. Please try again in a minute.</p>
</body>
</html>
`;
