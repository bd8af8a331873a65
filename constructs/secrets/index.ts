export { ApplicationSecrets, type ApplicationSecretsProps, type SecretOrigin } from './application-secrets';
export { ProvidedSecretsCheck, type ProvidedSecretsCheckProps } from './provided-secrets-check';
