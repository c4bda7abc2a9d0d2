import { ConfigException, illegalArgument } from './config-exception.ts';

/** One entry of `listeners` or `advertised.listeners`. */
export interface EndPoint {
  readonly listenerName: string;
  readonly host: string;
  readonly port: number;
  readonly securityProtocol: string;
}

const endPointPattern = /^(?<name>[^:]+):\/\/(?<host>\[[0-9a-fA-F:.]*\]|[^:]*):(?<port>-?\d+)$/;

/** `NAME:PROTOCOL` pairs. Throws ConfigException. */
export function parseSecurityProtocolMap(text: string): ReadonlyMap<string, string> {
  const protocols = new Map<string, string>();
  for (const pair of split(text)) {
    const [name, protocol, rest] = pair.split(':').map((part) => part.trim());
    if (name === undefined || protocol === undefined || rest !== undefined) {
      throw new ConfigException(
        `Invalid value ${text} for configuration listener.security.protocol.map: '${pair}' is not NAME:PROTOCOL`,
      );
    }
    protocols.set(name.toUpperCase(), protocol.toUpperCase());
  }
  return protocols;
}

/** `listeners`. Throws ConfigException with Kafka's messages. */
export function parseEndPoints(
  text: string,
  protocols: ReadonlyMap<string, string>,
): readonly EndPoint[] {
  const endPoints = parseAdvertised(text, protocols);
  const ports = endPoints.map(({ port }) => port).filter((port) => port !== 0);
  if (new Set(ports).size !== ports.length) {
    throw illegalArgument(
      `requirement failed: Each listener must have a different port, listeners: ${text}`,
    );
  }
  return endPoints;
}

/** `advertised.listeners`: several hosts may have one port. Throws as `parseEndPoints`. */
export function parseAdvertised(
  text: string,
  protocols: ReadonlyMap<string, string>,
): readonly EndPoint[] {
  const endPoints = split(text).map((entry) => {
    const match = endPointPattern.exec(entry)?.groups;
    if (match === undefined) throw failure(text, `Unable to parse ${entry} to a broker endpoint`);
    const listenerName = (match['name'] ?? '').toUpperCase();
    const securityProtocol = protocols.get(listenerName);
    if (securityProtocol === undefined) {
      throw failure(text, `No security protocol defined for listener ${listenerName}`);
    }
    const host = (match['host'] ?? '').replace(/^\[|\]$/g, '');
    return { listenerName, host, port: Number(match['port']), securityProtocol };
  });
  checkUnique(text, endPoints);
  return endPoints;
}

function checkUnique(text: string, endPoints: readonly EndPoint[]): void {
  const names = new Set(endPoints.map(({ listenerName }) => listenerName));
  if (names.size !== endPoints.length) {
    throw illegalArgument(
      `requirement failed: Each listener must have a different name, listeners: ${text}`,
    );
  }
}

function failure(text: string, reason: string): ConfigException {
  return illegalArgument(`Error creating broker listeners from '${text}': ${reason}`);
}

function split(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
