export { ACCESS_LOGS, AccessLogs, type AccessLogsProps } from './access-logs';
export { clientRevision } from './client-release';
export type { ContentSecurityPolicyOptions } from './content-security-policy';
export type { HeadScript } from './head-script';
export type { CorsOptions } from './response-headers';
export { StaticClient } from './static-client';
export type { ClientDomainOptions, ErrorPageOptions, StaticClientProps } from './static-client-props';
export { FIREWALL_LOGS, WebFirewall, type WebFirewallProps } from './web-firewall';
