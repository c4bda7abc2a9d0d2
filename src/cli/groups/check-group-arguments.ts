import type { JoptCall, Usage } from '../jopt-tool.ts';
import type { JoptOptionSet } from '../parsers/jopt-parser.ts';
import type { ToolOutput } from '../tool.ts';

const actions = ['list', 'describe', 'delete', 'reset-offsets', 'delete-offsets'];

/** In the order of Kafka's enum, which is how the error message lists them. */
export const groupStates = [
  'PreparingRebalance',
  'CompletingRebalance',
  'Stable',
  'Dead',
  'Empty',
  'Assigning',
  'Reconciling',
];

const resetScenarios = [
  'to-offset',
  'to-datetime',
  'by-duration',
  'to-earliest',
  'to-latest',
  'shift-by',
  'from-file',
  'to-current',
];

const dryRunWarning =
  'WARN: No action will be performed as the --execute option is missing.In a future major release, the default behavior of this command will be to prompt the user before executing the reset rather than doing a dry run. You should add the --dry-run option explicitly if you are scripting this command and want to keep the current default behavior without prompting.';

/** Kafka's ConsumerGroupCommandOptions.checkArgs; ends the tool with the usage where something is wrong. */
export function checkGroupArguments({ options, output, usage }: JoptCall): void {
  usage.require(options, 'bootstrap-server');
  if (actions.filter((action) => options.has(action)).length !== 1) {
    usage.exit(
      'Command must include exactly one action: --list, --describe, --delete, --reset-offsets, --delete-offsets',
    );
  }
  if (options.has('list')) readStates(options.valueOf('state'), usage);
  if (options.has('describe')) checkDescribe(options, usage);
  const hasGroup = options.has('group') || options.has('all-groups');
  if (options.has('delete')) {
    if (!hasGroup) usage.exit('Option [delete] takes one of these options: [all-groups], [group]');
    if (options.has('topic')) {
      usage.exit(
        'The consumer does not support topic-specific offset deletion from a consumer group.',
      );
    }
  }
  if (options.has('delete-offsets') && (!options.has('group') || !options.has('topic'))) {
    usage.exit('Option [delete-offsets] takes the following options: [all-groups], [group]');
  }
  if (options.has('reset-offsets')) checkReset(options, output, usage);
}

function checkReset(options: JoptOptionSet, output: ToolOutput, usage: Usage): void {
  if (options.has('dry-run') && options.has('execute')) {
    usage.exit('Option [reset-offsets] only accepts one of [execute] and [dry-run]');
  }
  if (!options.has('dry-run') && !options.has('execute')) output.err(dryRunWarning);
  if (!options.has('group') && !options.has('all-groups')) {
    usage.exit('Option [reset-offsets] takes one of these options: [all-groups], [group]');
  }
  for (const scenario of resetScenarios) {
    const others = resetScenarios.filter((other) => other !== scenario);
    usage.exclude(options, scenario, ...others);
  }
}

/** `--state Stable,Empty` with --list; ends the tool where a state is none. */
export function readStates(text: string | undefined, usage: Usage): readonly string[] {
  if (text === undefined) return [];
  const states = text.split(',').map((word) => {
    const wanted = word.trim().toLowerCase();
    return groupStates.find((state) => state.toLowerCase() === wanted);
  });
  const known = states.filter((state) => state !== undefined);
  if (known.length === states.length) return known;
  return usage.exit(`Invalid state list '${text}'. Valid states are: ${groupStates.join(', ')}`);
}

function checkDescribe(options: JoptOptionSet, usage: Usage): void {
  if (!options.has('group') && !options.has('all-groups')) {
    // Kafka 3.8 lists the actions here, where it means the options for groups.
    usage.exit(
      'Option [describe] takes one of these options: [reset-offsets], [describe], [delete], [list]',
    );
  }
  const views = ['members', 'offsets', 'state'].filter((view) => options.has(view));
  if (1 < views.length) {
    usage.exit(
      'Option [describe] takes at most one of these options: [members], [offsets], [state]',
    );
  }
  if (options.has('state') && options.valueOf('state') !== undefined) {
    usage.exit('Option [describe] does not take a value for [state]');
  }
}
