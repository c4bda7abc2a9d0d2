import type { ExitCode, Program } from '../base/program.ts';
import { describeQuorum } from '../client/quorum-admin.ts';
import {
  type ArgparseCall,
  argparseProgram,
  withArgparseAdmin,
  withPrintedErrors,
} from './argparse-tool.ts';
import { dynamicQuorumSpec } from './options/quorum-options.ts';
import { addController, removeController } from './quorum/change-voters.ts';
import { replicationLines, statusLines } from './quorum/describe-quorum.ts';
import { resolvePath, terse } from './tool.ts';

/** `kafka-metadata-quorum.sh`: Kafka's MetadataQuorumCommand, with 3.9's changes of voters. */
export const kafkaMetadataQuorum: Program = argparseProgram(
  'kafka-metadata-quorum.sh',
  dynamicQuorumSpec,
  (call) => withPrintedErrors(call, run),
);

async function run(call: ArgparseCall): Promise<ExitCode> {
  const { parsed } = call;
  switch (parsed.command) {
    case 'add-controller':
      return await addController(call);
    case 'remove-controller':
      return await removeController(call);
    default:
      return await describe(call);
  }
}

async function describe(call: ArgparseCall): Promise<ExitCode> {
  const { ctx, output, parsed } = call;
  const problem = problemWith(parsed.values);
  if (problem !== undefined) {
    output.err(problem);
    return 1;
  }
  await checkConfigFile(call);
  await withArgparseAdmin(call, 'command-config', async (admin) => {
    if (parsed.values.has('replication')) {
      const quorum = await describeQuorum(admin);
      const nowMs = parsed.values.has('human-readable') ? ctx.clock.nowMs() : undefined;
      for (const line of replicationLines(quorum, nowMs)) output.out(line);
      return;
    }
    const { clusterId } = await admin.describeCluster();
    for (const line of statusLines(await describeQuorum(admin), clusterId)) output.out(line);
  });
  return 0;
}

/** Only this tool looks whether it is there. */
async function checkConfigFile({ ctx, output, parsed }: ArgparseCall): Promise<void> {
  const path = parsed.values.get('command-config')?.[0];
  if (path === undefined || (await ctx.files.stat(resolvePath(ctx, path))) !== undefined) return;
  terse(output, `Properties file ${path} does not exists!`);
}

function problemWith(values: ReadonlyMap<string, unknown>): string | undefined {
  const isStatus = values.has('status');
  const isReplication = values.has('replication');
  if (isStatus && isReplication) {
    return 'Only one of --status or --replication should be specified with describe sub-command';
  }
  if (!isStatus && !isReplication) {
    return 'One of --status or --replication must be specified with describe sub-command';
  }
  if (isStatus && values.has('human-readable')) {
    return 'The option --human-readable is only supported along with --replication';
  }
  return undefined;
}
