/** Folder of the bucket, and path, of pages that belong to no release; no application is likely to have it. */
export const ERROR_FOLDER = '.error-pages';
export const ERROR_PAGE_NAME = '5xx.html';

/** Statuses that a gateway answers with, which is CloudFront or the load balancer, not the application. */
export const GATEWAY_ERRORS = [502, 504];

/** Statuses that CloudFront would keep for ten seconds if it were not told otherwise. */
export const CACHED_ERRORS = [404, 405, 414, 500, 501, 502, 503, 504];

/** Needs nothing that could be out of order too. */
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
