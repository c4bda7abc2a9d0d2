import { InTabProvider } from './in-tab-sandbox.ts';
import inspectorUrl from './inspector-worker.ts?worker&url';
import { kafkaHomeFiles } from './kafka-home.ts';
import kernelUrl from './kernel-worker.ts?worker&url';
import nodeUrl from './node-worker.ts?worker&url';
import programUrl from './program-worker.ts?worker&url';

/** The in-tab machines of the site, with the worker scripts that Vite has built. */
export const inTabProvider = new InTabProvider({
  workers: { kernel: kernelUrl, program: programUrl, node: nodeUrl, inspector: inspectorUrl },
  systemFiles: kafkaHomeFiles(),
});
