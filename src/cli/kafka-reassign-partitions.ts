import type { ExitCode, Program } from '../base/program.ts';
import type { Admin } from '../client/admin.ts';
import { ClientError } from '../client/client-errors.ts';
import { AdminCreationError, withAdmin } from './admin-tool.ts';
import { type JoptCall, joptProgram, uncaughtJopt } from './jopt-tool.ts';
import { reassignPartitionsOptions } from './options/reassign-partitions-options.ts';
import { JoptError } from './parsers/jopt-parser.ts';
import { cancelReassignment } from './reassign/cancel-reassignment.ts';
import { executeReassignment } from './reassign/execute-reassignment.ts';
import { generateReassignment } from './reassign/generate-reassignment.ts';
import { listReassignments } from './reassign/list-reassignments.ts';
import { TerseError } from './reassign/reassign-errors.ts';
import { verifyReassignment } from './reassign/verify-reassignment.ts';
import { describeError, JavaError, javaNameOf, readTextFile } from './tool.ts';

/** `kafka-reassign-partitions.sh`: Kafka's ReassignPartitionsCommand. */
export const kafkaReassignPartitions: Program = joptProgram({
  name: 'kafka-reassign-partitions.sh',
  options: reassignPartitionsOptions,
  purpose: 'This tool helps to move topic partitions between replicas.',
  run,
  onError: uncaughtJopt,
});

interface Action {
  readonly required: readonly string[];
  readonly permitted: readonly string[];
  /** The option that names the file. */
  readonly file?: string;
  run(call: JoptCall, admin: Admin, text: string): Promise<void>;
}

const connection = ['bootstrap-server', 'command-config'];
const assignmentFile = 'reassignment-json-file';

/** In the order in which Kafka names them. */
const actions: Readonly<Record<string, Action>> = {
  generate: {
    required: ['topics-to-move-json-file', 'broker-list'],
    permitted: [...connection, 'disable-rack-aware'],
    file: 'topics-to-move-json-file',
    run: generateReassignment,
  },
  execute: {
    required: [assignmentFile],
    permitted: [
      ...connection,
      'additional',
      'throttle',
      'replica-alter-log-dirs-throttle',
      'timeout',
    ],
    file: assignmentFile,
    run: executeReassignment,
  },
  verify: {
    required: [assignmentFile],
    permitted: [...connection, 'preserve-throttles'],
    file: assignmentFile,
    run: verifyReassignment,
  },
  cancel: {
    required: [assignmentFile],
    permitted: [...connection, 'preserve-throttles', 'timeout'],
    file: assignmentFile,
    run: cancelReassignment,
  },
  list: { required: [], permitted: connection, run: listReassignments },
};

async function run(call: JoptCall): Promise<ExitCode> {
  const action = chooseAction(call);
  try {
    await withAdmin(call, async (admin) => {
      checkNumbers(call);
      const text = action.file === undefined ? '' : await readJsonFile(call, action.file);
      await action.run(call, admin, text);
    });
    return 0;
  } catch (error) {
    return report(call, error);
  }
}

function chooseAction({ options, usage }: JoptCall): Action {
  const chosen = Object.entries(actions).filter(([name]) => options.has(name));
  const [first, second] = chosen;
  if (first === undefined || second !== undefined) {
    const names = Object.keys(actions).map((name) => `--${name}`);
    return usage.exit(`Command must include exactly one action: ${names.join(', ')}`);
  }
  if (!options.has('bootstrap-server')) usage.exit('Please specify --bootstrap-server');
  const [name, action] = first;
  usage.require(options, ...action.required);
  const allowed = [name, ...action.required, ...action.permitted];
  for (const option of options.given()) {
    if (allowed.includes(option)) continue;
    usage.exit(`Option "[${option}]" can't be used with action "[${name}]"`);
  }
  return action;
}

function checkNumbers({ options }: JoptCall): void {
  for (const name of ['throttle', 'replica-alter-log-dirs-throttle', 'timeout']) {
    options.numberOf(name);
  }
}

async function readJsonFile({ ctx, options }: JoptCall, option: string): Promise<string> {
  const path = options.valueOf(option) ?? '';
  try {
    return await readTextFile(ctx, path);
  } catch (error) {
    if (!(error instanceof JavaError)) throw error;
    throw unreadable(path, error);
  }
}

function unreadable(path: string, cause: JavaError): JavaError {
  return new JavaError('java.io.IOException', `Unable to read file ${path}`, { cause });
}

/** Whatever goes wrong is said on standard output. */
function report({ output }: JoptCall, error: unknown): ExitCode {
  if (error instanceof TerseError) {
    output.out(error.message);
    return 1;
  }
  const isKnown = error instanceof JoptError || javaNameOf(error) !== undefined;
  if (!isKnown || !(error instanceof Error)) throw error;
  if (error instanceof ClientError) {
    // Java's futures wrap what the cluster says.
    const cause = describeError(error);
    output.out(`Error: ${cause}\njava.util.concurrent.ExecutionException: ${cause}\n`);
    return 1;
  }
  const trace =
    error instanceof JoptError ? `${error.javaName}: ${error.message}` : describeError(error);
  const { cause } = error;
  const isUntold = cause instanceof ClientError && !(error instanceof AdminCreationError);
  const reason = isUntold ? `\nCaused by: ${describeError(cause)}` : '';
  output.out(`Error: ${error.message}\n${trace}${reason}\n`);
  return 1;
}
