/**
 * Replaces the AWS SDK's credential provider chain in every handler bundle. Lambda puts the credentials of the
 * function's role into environment variables, and they stay valid for the life of the process. The other sources of
 * credentials are for developers' machines.
 */
export const defaultProvider = () => async () => ({
  accessKeyId: process.env['AWS_ACCESS_KEY_ID']!,
  secretAccessKey: process.env['AWS_SECRET_ACCESS_KEY']!,
  sessionToken: process.env['AWS_SESSION_TOKEN'],
});
