import type { JoptOption } from '../parsers/jopt-parser.ts';

/** The options of `kafka-broker-api-versions.sh` as Kafka 3.8.0 has them. */
export const brokerApiVersionsOptions: readonly JoptOption[] = [
  {
    names: ['bootstrap-server'],
    description: 'REQUIRED: The server to connect to.',
    argument: 'required',
    argumentName: 'server(s) to use for bootstrapping',
  },
  {
    names: ['command-config'],
    description: 'A property file containing configs to be passed to Admin Client.',
    argument: 'required',
    argumentName: 'command config property file',
  },
  { names: ['help'], description: 'Print usage information.' },
  { names: ['version'], description: 'Display Kafka version.' },
];
