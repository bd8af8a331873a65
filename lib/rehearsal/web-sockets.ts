import { get } from 'node:http';
import type { Assembly } from './core/assembly';
import { PlanError } from './core/plan-error';
import type { Stage } from './core/stage';
import type { EmulatedAccount } from './emulated-account';

/** Metadata key of a template with the addresses of the application's WebSockets. */
const WEB_SOCKETS_METADATA = 'framework53:web-sockets';

/**
 * Opens the WebSockets that a plan names, as a user's browser does, through the distribution, the load balancer and a
 * task. A server may refuse a user who has not signed in; the report mentions that.
 * @throws PlanError if the server accepts a WebSocket and the distribution does not route users to it
 */
export async function openWebSockets(
  { stacks }: Assembly,
  { cloudFront }: EmulatedAccount,
  stage: Stage,
): Promise<void> {
  const { url, options } = cloudFront.distribution!;
  const server = options.behaviors.map(({ origin }) => origin).find(({ kind }) => kind === 'server');
  const balancer =
    server?.kind === 'server' && stage.network.reach({ name: 'a user' }, `${server.host}:${server.port}`);
  for (const path of stacks.flatMap(({ template }) => webSocketsOf(template.Metadata))) {
    const status = await upgrade(`${url}${path}`);
    if (status === 101) continue;
    const direct = balancer ? await upgrade(`http://127.0.0.1:${balancer}${path}`) : undefined;
    if (direct === 101)
      throw new PlanError(
        options.logicalId,
        'DistributionConfig.CacheBehaviors',
        `do not route WebSockets at ${path} to the server: they get ${status ?? 'no answer'}`,
      );
    stage.announce('WebSocket refused', `${path} by the server, with ${status ?? 'no answer'}`);
  }
}

function webSocketsOf(metadata: Readonly<Record<string, unknown>> = {}): readonly string[] {
  return (metadata[WEB_SOCKETS_METADATA] as readonly string[] | undefined) ?? [];
}

/** Milliseconds in which a server answers. */
const PATIENCE = 5_000;

/** Requests a WebSocket, and closes it. Returns the status of the answer, or undefined without an answer. */
function upgrade(address: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      origin: new URL(address).origin,
      'sec-websocket-version': '13',
      'sec-websocket-key': Buffer.from('framework53 test').toString('base64'),
    };
    const asked = get(address, { headers, agent: false, timeout: PATIENCE });
    const settle = (status?: number): void => {
      asked.destroy();
      resolve(status);
    };
    asked.on('upgrade', ({ statusCode }) => settle(statusCode));
    asked.on('response', ({ statusCode }) => settle(statusCode));
    asked.on('timeout', () => settle()).on('error', () => settle());
  });
}
