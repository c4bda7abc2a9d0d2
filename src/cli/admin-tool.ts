import type { ProgramContext } from '../base/program.ts';
import { Admin } from '../client/admin.ts';
import type { ClientProperties } from '../client/client-config.ts';
import { ConfigError } from '../client/client-errors.ts';
import { ControllerAdmin } from '../client/controller-admin.ts';
import type { JoptCall } from './jopt-tool.ts';
import { clientPorts, JavaError, readPropertiesFile, type ToolOutput } from './tool.ts';

/** A configuration with which there can be no admin client; what is wrong with it is the cause. */
export class AdminCreationError extends JavaError {
  constructor(message: string, options: { readonly cause: ConfigError }) {
    super('org.apache.kafka.common.KafkaException', message, options);
  }
}

/** Whom an admin client asks, as a command line says it. */
export interface AdminTarget {
  readonly configFile: string | undefined;
  readonly bootstrapServers: string | undefined;
  /** Wins over the brokers: then controllers are asked. */
  readonly bootstrapControllers: string | undefined;
  /** What the file may change. */
  readonly defaults?: ClientProperties;
}

/** Does `work` with an admin client and closes it. */
export async function useAdmin<T>(
  { ctx, output }: { readonly ctx: ProgramContext; readonly output: ToolOutput },
  { configFile, bootstrapServers, bootstrapControllers, defaults }: AdminTarget,
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const bootstrap = bootstrapControllers ?? bootstrapServers;
  const properties = {
    ...defaults,
    ...(await readPropertiesFile(ctx, configFile)),
    ...(bootstrap === undefined ? {} : { 'bootstrap.servers': bootstrap }),
  };
  const kind = bootstrapControllers === undefined ? Admin : ControllerAdmin;
  const admin = createAdmin(() => kind.create(clientPorts(ctx, output), properties));
  try {
    return await work(admin);
  } finally {
    admin.close();
  }
}

function createAdmin(create: () => Admin): Admin {
  try {
    return create();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new AdminCreationError('Failed to create new KafkaAdminClient', { cause: error });
  }
}

/** Does `work` with an admin client for `--bootstrap-server` and `--command-config`, and closes it. */
export async function withAdmin<T>(call: JoptCall, work: (admin: Admin) => Promise<T>): Promise<T> {
  const { options } = call;
  const target = {
    configFile: options.valueOf('command-config'),
    bootstrapServers: options.valueOf('bootstrap-server') ?? options.valueOf('broker-list'),
    bootstrapControllers: options.valueOf('bootstrap-controller'),
  };
  return await useAdmin(call, target, work);
}
