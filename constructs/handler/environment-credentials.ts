/**
 * Stands in for the AWS SDK's search for credentials in every bundle of a handler: Lambda gives a function its
 * role's as variables, for as long as the process lives, and the places a developer keeps them in need not be there.
 */
export const defaultProvider = () => async () => ({
  accessKeyId: process.env['AWS_ACCESS_KEY_ID']!,
  secretAccessKey: process.env['AWS_SECRET_ACCESS_KEY']!,
  sessionToken: process.env['AWS_SESSION_TOKEN'],
});
