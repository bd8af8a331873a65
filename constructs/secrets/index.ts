export { ApplicationSecrets, type ApplicationSecretsProps, type SecretOrigin } from './application-secrets';
export { containerSecret } from './container-secret';
export { ProvidedSecretsCheck, type ProvidedSecretsCheckProps } from './provided-secrets-check';
