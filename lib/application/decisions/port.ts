import type { ServerReading } from '../reading/server-reading';

/** The port of the server, and its origin. */
export interface Port {
  readonly port: number;
  readonly from: 'config' | 'PORT' | 'code';
  readonly place?: string;
}

/** Port of a server that reads PORT and has no default. */
const freePort = 8080;

/** Returns the configured port, or the one from PORT, or the one in the code; undefined if there is none. */
export function decidePort(
  { listening, variables }: Pick<ServerReading, 'listening' | 'variables'>,
  stated?: number,
): Port | undefined {
  if (stated) return { port: stated, from: 'config' };
  const ofVariable = listening.find(({ portVariable }) => portVariable === 'PORT');
  if (ofVariable) return { port: ofVariable.port ?? freePort, from: 'PORT', place: ofVariable.place };
  // A server may pass PORT to a function that cannot be followed.
  const read = variables.find(({ name }) => name === 'PORT');
  const ofCode = listening.find(({ port }) => port !== undefined);
  if (ofCode && !(read && ofCode.portVariable === undefined && listening.length > 1))
    return { port: ofCode.port!, from: 'code', place: ofCode.place };
  return read && { port: freePort, from: 'PORT', place: read.place };
}
