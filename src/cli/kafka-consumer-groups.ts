import type { ExitCode, Program } from '../base/program.ts';
import { BrokerError } from '../client/client-errors.ts';
import { GroupAdmin } from '../client/group-admin.ts';
import { withAdmin } from './admin-tool.ts';
import { checkGroupArguments, readStates } from './groups/check-group-arguments.ts';
import { deleteOffsets } from './groups/delete-offsets.ts';
import { describeGroups } from './groups/describe-groups.ts';
import { resetOffsets } from './groups/reset-offsets.ts';
import { type ErrorCall, type JoptCall, joptProgram } from './jopt-tool.ts';
import { consumerGroupsOptions } from './options/consumer-groups-options.ts';
import { JoptError } from './parsers/jopt-parser.ts';
import { describeError, JavaError, javaNameOf } from './tool.ts';

/** `kafka-consumer-groups.sh`: Kafka's ConsumerGroupCommand. */
export const kafkaConsumerGroups: Program = joptProgram({
  name: 'kafka-consumer-groups.sh',
  options: consumerGroupsOptions,
  purpose:
    'This tool helps to list all consumer groups, describe a consumer group, delete consumer group info, or reset consumer group offsets.',
  run,
  onError,
});

async function run(call: JoptCall): Promise<ExitCode> {
  checkGroupArguments(call);
  await withAdmin(call, async (admin) => {
    const { options } = call;
    const groups = new GroupAdmin(admin);
    if (options.has('list')) await listGroups(call, groups);
    else if (options.has('describe')) await describeGroups(call, { admin, groups });
    else if (options.has('delete')) await deleteGroups(call, groups);
    else if (options.has('reset-offsets')) await resetOffsets(call, { admin, groups });
    else await deleteOffsets(call, { admin, groups });
  });
  return 0;
}

/** In 3.8 what fails while running is printed, and the exit code is 0 all the same. */
function onError(error: unknown, { output, usage }: ErrorCall): ExitCode {
  if (error instanceof JoptError) return usage.exit(error.message);
  if (javaNameOf(error) === undefined || !(error instanceof Error)) throw error;
  const isPlain = error instanceof JavaError;
  const text = isPlain ? error.message : describeError(error);
  output.out(`\nError: Executing consumer group command failed due to ${text}`);
  output.err(isPlain ? describeError(error) : `java.util.concurrent.ExecutionException: ${text}`);
  return 0;
}

async function listGroups({ options, output, usage }: JoptCall, groups: GroupAdmin): Promise<void> {
  const showsState = options.has('state');
  const showsType = options.has('type');
  const states = readStates(options.valueOf('state'), usage);
  const types = readTypes(options.valueOf('type'));
  const listed = (await groups.list()).filter(
    ({ state, type }) =>
      (states.length === 0 || states.includes(state)) &&
      (types.length === 0 || types.includes(type.toLowerCase())),
  );
  if (!showsState && !showsType) {
    for (const { groupId } of listed) output.out(groupId);
    return;
  }
  const width = Math.max(15, ...listed.map(({ groupId }) => groupId.length)) + 10;
  const row = (group: string, type: string, state: string) => {
    const cells = [group.padEnd(width)];
    if (showsType) cells.push(type.padEnd(20));
    if (showsState) cells.push(state.padEnd(20));
    output.out(cells.join(' '));
  };
  row('GROUP', 'TYPE', 'STATE');
  for (const { groupId, type, state } of listed) row(groupId, capitalize(type), state);
}

function readTypes(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  return text.split(',').map((word) => word.trim().toLowerCase());
}

function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
}

async function deleteGroups({ options, output }: JoptCall, groups: GroupAdmin): Promise<void> {
  const names = options.has('all-groups')
    ? (await groups.list()).map(({ groupId }) => groupId)
    : [...new Set(options.valuesOf('group'))];
  const failures: string[] = [];
  const deleted: string[] = [];
  for (const name of names) {
    try {
      await groups.delete(name);
      deleted.push(`'${name}'`);
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
      const reason = `java.util.concurrent.ExecutionException: ${describeError(error)}`;
      failures.push(`* Group '${name}' could not be deleted due to: ${reason}`);
    }
  }
  if (failures.length === 0) {
    output.out(`Deletion of requested consumer groups (${deleted.join(', ')}) was successful.`);
    return;
  }
  output.out('\nError: Deletion of some consumer groups failed:');
  for (const failure of failures) output.out(failure);
  if (0 < deleted.length) {
    output.out(`\nThese consumer groups were deleted successfully: ${deleted.join(', ')}`);
  }
}
