/** Folder of pages that belong to no release, in the bucket and in URLs. Applications hardly have such a path. */
export const ERROR_FOLDER = '.error-pages';
export const ERROR_PAGE_NAME = '5xx.html';

/** Statuses of a gateway's answers: CloudFront or the load balancer sends them, not the application. */
export const GATEWAY_ERRORS = [502, 504];

/** Statuses of errors that CloudFront keeps for ten seconds by default. */
export const CACHED_ERRORS = [404, 405, 414, 500, 501, 502, 503, 504];

/** Default page. It loads nothing, because that could fail as well. */
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
