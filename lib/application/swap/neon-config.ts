/** Settings of Neon's WebSockets and HTTP, of which none applies here: every one may be read and assigned. */
export const neonConfig: Record<string, unknown> = {
  poolQueryViaFetch: false,
  fetchEndpoint: undefined,
  fetchConnectionCache: true,
  fetchFunction: undefined,
  webSocketConstructor: undefined,
  wsProxy: undefined,
  useSecureWebSocket: true,
  forceDisablePgSSL: false,
  coalesceWrites: true,
  pipelineConnect: false,
  subtls: undefined,
  rootCerts: '',
  pipelineTLS: false,
  disableSNI: false,
  disableWarningInBrowsers: true,
};
