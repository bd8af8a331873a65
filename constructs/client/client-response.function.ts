// Runs in CloudFront's JavaScript runtime 2.0; see client-request.function.ts for its limits.
import type { EdgeResponse, ResponseEvent } from './edge-event';

const POLICIES = ['content-security-policy', 'content-security-policy-report-only'];

/** Copies the policy from the S3 metadata of an HTML file to the response header that browsers obey. */
export function handler(event: ResponseEvent): EdgeResponse {
  const headers = event.response.headers;
  for (let i = 0; i < POLICIES.length; i++) {
    const policy = POLICIES[i] as string;
    const metadata = `x-amz-meta-${policy}`;
    const stored = headers[metadata];
    if (stored) {
      headers[policy] = { value: stored.value };
      delete headers[metadata];
    }
  }
  return event.response;
}
