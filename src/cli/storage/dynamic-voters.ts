import { uuidFromString } from '../../protocol/uuid.ts';
import { JavaError } from '../tool.ts';

/** A voter that `--initial-controllers` or `--standalone` names (KIP-853). */
export interface DynamicVoter {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly directoryId: string;
}

const portMax = 65_535;

/** `id@host:port:directory,…`, by node id. Throws JavaError with Kafka 3.9's messages. */
export function parseDynamicVoters(text: string): readonly DynamicVoter[] {
  const voters = text
    .trim()
    .split(',')
    .filter((entry) => entry !== '')
    .map((entry) => parseVoter(entry.trim()));
  if (voters.length === 0) throw invalid('No voters given.');
  const ids = new Set<number>();
  for (const { nodeId } of voters) {
    if (ids.has(nodeId)) throw invalid(`Node id ${nodeId} was specified more than once.`);
    ids.add(nodeId);
  }
  return voters.toSorted((a, b) => a.nodeId - b.nodeId);
}

function parseVoter(entry: string): DynamicVoter {
  const at = entry.indexOf('@');
  if (at < 0) throw invalid('No @ found in dynamic voter string.');
  if (at === 0) throw invalid('Invalid @ at beginning of dynamic voter string.');
  const nodeId = integerOf(entry.slice(0, at), 'node id');
  if (nodeId < 0) throw invalid(`Invalid negative node id ${nodeId} in dynamic voter string.`);
  const address = entry.slice(at + 1);
  if (address === '') throw invalid('No hostname found after node id.');
  const [host, rest] = splitHost(address);
  if (!rest.startsWith(':')) throw invalid('Port section must start with a colon.');
  const colon = rest.indexOf(':', 1);
  if (colon < 0) throw invalid('No colon following port could be found.');
  const port = integerOf(rest.slice(1, colon), 'port');
  if (port < 0 || portMax < port) throw invalid(`Invalid port ${port} in dynamic voter string.`);
  const directoryId = rest.slice(colon + 1);
  if (uuidFromString(directoryId) === undefined) {
    throw invalid('Failed to parse directory ID in dynamic voter string.');
  }
  return { nodeId, host, port, directoryId };
}

/** The host, without the brackets of an IPv6 address, and what follows it. */
function splitHost(address: string): readonly [host: string, rest: string] {
  if (address.startsWith('[')) {
    const end = address.indexOf(']');
    if (end < 0) {
      throw invalid('Hostname began with left bracket, but no right bracket was found.');
    }
    return [address.slice(1, end), address.slice(end + 1)];
  }
  const end = address.indexOf(':');
  if (end < 0) throw invalid('No colon following hostname could be found.');
  return [address.slice(0, end), address.slice(end)];
}

function integerOf(text: string, what: string): number {
  if (/^[+-]?\d{1,10}$/.test(text) && Math.abs(Number(text)) < 2 ** 31) return Number(text);
  throw invalid(`Failed to parse ${what} in dynamic voter string.`);
}

function invalid(message: string): JavaError {
  return new JavaError('java.lang.IllegalArgumentException', message);
}
