import type { ServerReading } from '../reading/server-reading';

/** The port the server listens on, and how that is known. */
export interface Port {
  readonly port: number;
  readonly from: 'config' | 'PORT' | 'code';
  readonly place?: string;
}

/** Port of a server whose code leaves the choice to PORT and names no number. */
const freePort = 8080;

/** The port that is stated, else the one PORT decides, else the one in the code; undefined when none is found. */
export function decidePort(
  { listening, variables }: Pick<ServerReading, 'listening' | 'variables'>,
  stated?: number,
): Port | undefined {
  if (stated) return { port: stated, from: 'config' };
  const ofVariable = listening.find(({ portVariable }) => portVariable === 'PORT');
  if (ofVariable) return { port: ofVariable.port ?? freePort, from: 'PORT', place: ofVariable.place };
  // A server may hand PORT to a function that listens somewhere out of sight.
  const read = variables.find(({ name }) => name === 'PORT');
  const ofCode = listening.find(({ port }) => port !== undefined);
  if (ofCode && !(read && ofCode.portVariable === undefined && listening.length > 1))
    return { port: ofCode.port!, from: 'code', place: ofCode.place };
  return read && { port: freePort, from: 'PORT', place: read.place };
}
