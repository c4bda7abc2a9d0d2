import { Admin } from '../client/admin.ts';
import { ControllerAdmin } from '../client/controller-admin.ts';
import type { JoptCall } from './jopt-tool.ts';
import { clientPorts, readPropertiesFile } from './tool.ts';

/** Does `work` with an admin client for `--bootstrap-server` and `--command-config`, and closes it. */
export async function withAdmin<T>(
  { ctx, output, options }: JoptCall,
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const configFile = options.valueOf('command-config');
  const fromFile = configFile === undefined ? {} : await readPropertiesFile(ctx, configFile);
  const bootstrap =
    options.valueOf('bootstrap-server') ??
    options.valueOf('bootstrap-controller') ??
    options.valueOf('broker-list');
  const properties =
    bootstrap === undefined ? fromFile : { ...fromFile, 'bootstrap.servers': bootstrap };
  const kind = options.has('bootstrap-controller') ? ControllerAdmin : Admin;
  const admin = kind.create(clientPorts(ctx, output), properties);
  try {
    return await work(admin);
  } finally {
    admin.close();
  }
}
