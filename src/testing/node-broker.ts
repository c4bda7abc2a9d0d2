import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '../base/logger.ts';
import { type RunningBroker, startBroker } from '../broker/start-broker.ts';
import { encodeBootstrapCheckpoint } from '../controller/bootstrap.ts';
import { nodeClock } from '../host/node/node-clock.ts';
import { nodeCompression } from '../host/node/node-compression.ts';
import { NodeFileSystem } from '../host/node/node-file-system.ts';
import { NodeNetwork } from '../host/node/node-network.ts';
import { NodeRandom } from '../host/node/node-random.ts';
import { nodeScheduler } from '../host/node/node-scheduler.ts';
import { portableCodecs } from '../protocol/records/portable-codecs.ts';
import { writeMetaProperties } from '../storage/meta-properties.ts';
import { freePort } from './free-port.ts';

export interface NodeBroker {
  readonly broker: RunningBroker;
  /** `127.0.0.1:PORT` */
  readonly bootstrap: string;
  readonly logLines: readonly string[];
  /** Stops the broker and removes its disk. */
  dispose(): Promise<void>;
}

export interface NodeBrokerOptions {
  readonly properties?: Readonly<Record<string, string>>;
  readonly onLog?: (line: string) => void;
}

/** A broker in this process, with real sockets and files, for clients that we did not write. */
export async function startNodeBroker(options: NodeBrokerOptions = {}): Promise<NodeBroker> {
  const folder = mkdtempSync(join(tmpdir(), 'brokerlab-node-'));
  const logDir = join(folder, 'logs');
  const files = new NodeFileSystem();
  await format(files, logDir);
  const logLines: string[] = [];
  const port = await freePort();
  const ports = {
    files,
    network: new NodeNetwork(),
    clock: nodeClock,
    scheduler: nodeScheduler,
    random: new NodeRandom(),
    logger: loggerTo(logLines, options.onLog),
    codecs: portableCodecs(nodeCompression),
  };
  const broker = await startBroker(ports, {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': '1@127.0.0.1:1',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:0`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'log.dirs': logDir,
    'offsets.topic.replication.factor': '1',
    'group.initial.rebalance.delay.ms': '0',
    ...options.properties,
  });
  return {
    broker,
    bootstrap: `127.0.0.1:${port}`,
    logLines,
    async dispose() {
      await broker.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function format(files: NodeFileSystem, logDir: string): Promise<void> {
  const nowMs = nodeClock.nowMs();
  await files.makeDirectory(logDir);
  const clusterId = 'MkU3OEVBNTcwNTJENDM2Qk';
  const meta = { version: 1, clusterId, nodeId: 1, directoryId: 'YFNSu1SAtBpJ6pQLm0oRFg' };
  await writeMetaProperties(files, logDir, meta, nowMs);
  const bootstrap = files.create(`${logDir}/bootstrap.checkpoint`);
  bootstrap.write(0, [encodeBootstrapCheckpoint(20, nowMs)]);
  await bootstrap.close();
}

function loggerTo(lines: string[], onLog: ((line: string) => void) | undefined): Logger {
  return {
    log(level, source, message, error) {
      const suffix = error instanceof Error ? ` ${error.stack}` : '';
      const line = `${level} ${message} (${source})${suffix}`;
      lines.push(line);
      onLog?.(line);
    },
  };
}
