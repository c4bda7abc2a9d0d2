import {
  type ArgparseArgument,
  type ArgparseSpec,
  helpArgument,
} from '../parsers/argparse-spec.ts';

const base: ArgparseSpec = {
  program: 'kafka-features',
  description: 'This tool manages feature flags in Kafka.',
  arguments: [
    helpArgument,
    {
      names: ['--bootstrap-server'],
      help: 'A comma-separated list of host:port pairs to use for establishing the connection to the Kafka cluster.',
      kind: 'value',
    },
    {
      names: ['--bootstrap-controller'],
      help: 'A comma-separated list of host:port pairs to use for establishing the connection to the KRaft quorum.',
      kind: 'value',
    },
    {
      names: ['--command-config'],
      help: 'Property file containing configs to be passed to Admin Client.',
      kind: 'value',
    },
  ],
  exclusive: [['--bootstrap-server', '--bootstrap-controller']],
};

function command(name: string, help: string, own: readonly ArgparseArgument[]): ArgparseSpec {
  const all = [helpArgument, ...own];
  return { program: 'kafka-features', command: name, help, parent: base, arguments: all };
}

const flag = (name: string, help: string): ArgparseArgument => ({
  names: [name],
  help,
  kind: 'flag',
});
const feature = (help: string): ArgparseArgument => ({
  names: ['--feature'],
  help,
  kind: 'append',
});
const metadata = (help: string): ArgparseArgument => ({
  names: ['--metadata'],
  help,
  kind: 'value',
});

/** The options of `kafka-features.sh` as Kafka 3.8.0 has them. */
export const featuresSpec: ArgparseSpec = {
  ...base,
  subcommands: [
    command('describe', 'Describes the current active feature flags.', []),
    command('upgrade', 'Upgrade one or more feature flags.', [
      metadata('The level to which we should upgrade the metadata. For example, 3.3-IV3.'),
      feature(
        'A feature upgrade we should perform, in feature=level format. For example: `metadata.version=5`.',
      ),
      flag('--dry-run', 'Validate this upgrade, but do not perform it.'),
    ]),
    command('downgrade', 'Upgrade one or more feature flags.', [
      metadata('The level to which we should downgrade the metadata. For example, 3.3-IV0.'),
      feature(
        'A feature downgrade we should perform, in feature=level format. For example: `metadata.version=5`.',
      ),
      flag('--unsafe', 'Perform this downgrade even if it may irreversibly destroy metadata.'),
      flag('--dry-run', 'Validate this downgrade, but do not perform it.'),
    ]),
    command(
      'disable',
      'Disable one or more feature flags. This is the same as downgrading the version to zero.',
      [
        feature('A feature flag to disable.'),
        flag('--unsafe', 'Disable this feature flag even if it may irreversibly destroy metadata.'),
        flag('--dry-run', 'Perform a dry-run of this disable operation.'),
      ],
    ),
  ],
};
