import type { ExitCode } from '../../base/program.ts';
import { parseEndPoints } from '../../broker/listener-config.ts';
import type { ClientProperties } from '../../client/client-config.ts';
import { addRaftVoter, removeRaftVoter } from '../../client/quorum-admin.ts';
import type { AddRaftVoterListener } from '../../protocol/schemas/80-add-raft-voter.ts';
import { uuidFromString } from '../../protocol/uuid.ts';
import { readMetaProperties } from '../../storage/meta-properties.ts';
import { type ArgparseCall, withArgparseAdmin } from '../argparse-tool.ts';
import { readPropertiesFile, resolvePath, type ToolOutput, terse } from '../tool.ts';
import { endpointText } from './describe-quorum.ts';

/** `add-controller` (KIP-853, Kafka 3.9): the controller is the one whose configuration `--command-config` is. */
export async function addController(call: ArgparseCall): Promise<ExitCode> {
  const { ctx, output, parsed } = call;
  const file = parsed.values.get('command-config')?.[0];
  if (file === undefined) {
    return terse(
      output,
      'You must supply the configuration file of the controller you are adding when using add-controller.',
    );
  }
  const properties = await readPropertiesFile(ctx, file);
  const voterId = controllerIdOf(output, properties);
  const directory = metadataDirectoryOf(output, properties);
  const meta = await readMetaProperties(ctx.files, resolvePath(ctx, directory));
  if (meta === undefined) terse(output, `Unable to read meta.properties from ${directory}`);
  const voterDirectoryId = meta.directoryId;
  if (voterDirectoryId === undefined) terse(output, `No directory id found in ${directory}`);
  const listeners = controllerListenersOf(output, properties);
  const isDryRun = parsed.values.has('dry-run');
  if (!isDryRun) {
    await withArgparseAdmin(call, 'command-config', (admin) =>
      addRaftVoter(admin, { voterId, voterDirectoryId, listeners }),
    );
  }
  const endpoints = listeners.map(({ name, host, port }) => endpointText(name, host, port));
  output.out(
    `${isDryRun ? 'DRY RUN of adding' : 'Added'} controller ${voterId} with directory id ${voterDirectoryId} and endpoints: ${endpoints.join(', ')}`,
  );
  return 0;
}

/** `remove-controller` (KIP-853, Kafka 3.9). */
export async function removeController(call: ArgparseCall): Promise<ExitCode> {
  const { output, parsed } = call;
  const voterId = Number(parsed.values.get('controller-id')?.[0]);
  const voterDirectoryId = parsed.values.get('controller-directory-id')?.[0] ?? '';
  if (voterId < 0) terse(output, `Invalid negative --controller-id: ${voterId}`);
  if (uuidFromString(voterDirectoryId) === undefined) {
    terse(
      output,
      `Failed to parse --controller-directory-id: Input string \`${voterDirectoryId}\` decoded as ${decodedLength(voterDirectoryId)} bytes, which is not equal to the expected 16 bytes of a base64-encoded UUID`,
    );
  }
  const isDryRun = parsed.values.has('dry-run');
  if (!isDryRun) {
    await withArgparseAdmin(call, 'command-config', (admin) =>
      removeRaftVoter(admin, { voterId, voterDirectoryId }),
    );
  }
  // Two blanks, as Kafka 3.9 prints them.
  output.out(
    `${isDryRun ? 'DRY RUN of removing ' : 'Removed '} KRaft controller ${voterId} with directory id ${voterDirectoryId}`,
  );
  return 0;
}

function controllerIdOf(output: ToolOutput, properties: ClientProperties): number {
  const text = properties['node.id'];
  const hint = 'Is this a valid controller configuration file?';
  if (text === undefined) terse(output, `node.id not found in configuration file. ${hint}`);
  const id = Number(text);
  if (id < 0) terse(output, `node.id was negative in configuration file. ${hint}`);
  if (!String(properties['process.roles'] ?? '').includes('controller')) {
    terse(output, `process.roles did not contain 'controller' in configuration file. ${hint}`);
  }
  return id;
}

function metadataDirectoryOf(output: ToolOutput, properties: ClientProperties): string {
  const directory = properties['metadata.log.dir'] ?? properties['log.dirs']?.trim().split(',')[0];
  if (directory !== undefined) return directory;
  return terse(
    output,
    'Neither metadata.log.dir nor log.dirs were found. Is this a valid controller configuration file?',
  );
}

/** The controller's listeners, as it advertises them if it does. */
function controllerListenersOf(
  output: ToolOutput,
  properties: ClientProperties,
): readonly AddRaftVoterListener[] {
  const names = properties['controller.listener.names'];
  if (names === undefined) {
    return terse(
      output,
      'controller.listener.names was not found. Is this a valid controller configuration file?',
    );
  }
  const endPoints = new Map(
    ['listeners', 'advertised.listeners']
      .flatMap((key) => parseListeners(properties[key] ?? ''))
      .map((endPoint) => [endPoint.name, endPoint]),
  );
  return names.split(',').map((name) => {
    const normalised = name.trim().toUpperCase();
    const endPoint = endPoints.get(normalised);
    if (endPoint !== undefined) return endPoint;
    return terse(output, `Cannot find information about controller listener name: ${normalised}`);
  });
}

function parseListeners(text: string): readonly AddRaftVoterListener[] {
  const names = text.split(',').map((entry) => (entry.split(':')[0] ?? '').trim().toUpperCase());
  // Which protocol a listener speaks is of no interest here.
  const protocols = new Map(names.map((name) => [name, 'PLAINTEXT']));
  return parseEndPoints(text, protocols).map(({ listenerName, host, port }) => ({
    name: listenerName,
    host: host === '' ? 'localhost' : host,
    port,
  }));
}

/** What a decoder of base64 without padding makes of a text. */
function decodedLength(text: string): number {
  return Math.floor((text.length * 3) / 4);
}
