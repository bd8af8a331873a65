export { AccessLogs, type AccessLogsProps } from './access-logs';
export type { CachePolicies } from './cache-policies';
export type { ContentSecurityPolicyOptions } from './content-security-policy';
export type { EdgeFunctions } from './edge-functions';
export type { HeadScript } from './head-script';
export type { CorsOptions, ResponseHeaders } from './response-headers';
export { StaticClient } from './static-client';
export type {
  ClientDomainOptions,
  ClientPageOptions,
  ClientServerOptions,
  ErrorPageOptions,
  StaticClientProps,
} from './static-client-props';
export { WebFirewall, type WebFirewallProps } from './web-firewall';
