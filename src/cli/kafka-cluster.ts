import type { ExitCode, Program } from '../base/program.ts';
import {
  type ArgparseCall,
  argparseProgram,
  withArgparseAdmin,
  withPrintedErrors,
} from './argparse-tool.ts';
import { clusterSpec } from './options/cluster-options.ts';

/** `kafka-cluster.sh`: Kafka's ClusterTool. */
export const kafkaCluster: Program = argparseProgram('kafka-cluster.sh', clusterSpec, (call) =>
  withPrintedErrors(call, run),
);

async function run(call: ArgparseCall): Promise<ExitCode> {
  const { output, parsed } = call;
  return await withArgparseAdmin(call, 'config', async (admin) => {
    if (parsed.command === 'cluster-id') {
      const { clusterId } = await admin.describeCluster();
      output.out(`Cluster ID: ${clusterId}`);
      return 0;
    }
    const id = Number(parsed.values.get('id')?.[0]);
    await admin.unregisterBroker(id);
    output.out(`Broker ${id} is no longer registered.`);
    return 0;
  });
}
