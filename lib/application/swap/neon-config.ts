/** Settings for Neon's WebSockets and HTTP. The application may read and assign them, but they have no effect here. */
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
