import type { SocketAddress } from '../base/network.ts';
import { ConfigException } from './config-exception.ts';

/** An entry of `controller.quorum.voters`. */
export interface QuorumVoter {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

const key = 'controller.quorum.voters';
const form = 'Each entry should be in the form `{id}@{host}:{port}`.';
/** `Utils.HOST_PORT_PATTERN` */
const hostAndPort =
  /^(?:[0-9a-zA-Z\-%._]*:\/\/)?\[?(?<host>[0-9a-zA-Z\-%._:]*)\]?:(?<port>[0-9]+)$/;

/** Throws ConfigException with Kafka's messages. Of two entries with one id the last one counts, as in Kafka. */
export function parseQuorumVoters(entries: readonly string[]): readonly QuorumVoter[] {
  const voters = new Map<number, QuorumVoter>();
  for (const entry of entries) {
    const voter = parseVoter(entry);
    voters.set(voter.nodeId, voter);
  }
  return [...voters.values()];
}

function parseVoter(entry: string): QuorumVoter {
  const [id, address, rest] = entry.split('@');
  if (id === undefined || address === undefined || rest !== undefined) {
    throw new ConfigException(`Invalid configuration value for ${key}. ${form}`);
  }
  if (!/^[+-]?\d+$/.test(id)) {
    throw new ConfigException(`Failed to parse voter ID as an integer from ${id}`);
  }
  const match = hostAndPort.exec(address)?.groups;
  if (match === undefined) {
    throw new ConfigException(
      `Failed to parse host name from entry ${entry} for the configuration ${key}. ${form}`,
    );
  }
  return { nodeId: Number(id), host: match['host'] ?? '', port: Number(match['port']) };
}

/** `controller.quorum.bootstrap.servers` (KIP-853). Throws ConfigException. */
export function parseBootstrapServers(entries: readonly string[]): readonly SocketAddress[] {
  return entries.map((entry) => {
    const match = hostAndPort.exec(entry)?.groups;
    if (match !== undefined) return { host: match['host'] ?? '', port: Number(match['port']) };
    throw new ConfigException(
      `Failed to parse host name from entry ${entry} for the configuration controller.quorum.bootstrap.servers. Each entry should be in the form \`{host}:{port}\`.`,
    );
  });
}

/** As Scala shows a set of numbers. */
export function voterSetText(voters: readonly QuorumVoter[]): string {
  return `Set(${voters.map(({ nodeId }) => nodeId).join(', ')})`;
}
