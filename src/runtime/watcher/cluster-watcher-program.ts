import type { Program } from '../../base/program.ts';
import { LineReader } from '../../cli/line-reader.ts';
import { ClusterWatcher } from './cluster-watcher.ts';

/** The watcher as a process of the lab: orders come as lines of JSON, reports go as lines of JSON. */
export const clusterWatcher: Program = {
  name: 'cluster-watcher',
  async run(ctx) {
    let isWriting = false;
    const watcher = new ClusterWatcher(ctx, (report) => {
      // A page that is too busy to read misses states, but no events.
      if (isWriting && report.events.length === 0) return;
      isWriting = true;
      void ctx.stdout
        .write(`${JSON.stringify(report)}\n`)
        .catch(() => undefined)
        .then(() => {
          isWriting = false;
        });
    });
    const orders = new LineReader(ctx.stdin);
    for (let line = await orders.next(); line !== undefined; line = await orders.next()) {
      watcher.order(JSON.parse(line));
    }
    watcher.dispose();
    return 0;
  },
};
