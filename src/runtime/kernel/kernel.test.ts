import { describeFileSystem } from '../../testing/conformance/file-system.ts';
import { describeNetwork } from '../../testing/conformance/network.ts';
import { createPortHost } from '../../testing/port-host.ts';

describeFileSystem('a process of the kernel', async () => {
  const host = createPortHost();
  const { files } = host.openProcess();
  await files.makeDirectory('/tmp/suite');
  const dispose = () => host.dispose();
  return { files, root: '/tmp/suite', tellsCreateErrorsLate: true, dispose };
});

describeNetwork('two processes of the kernel', () => {
  const host = createPortHost();
  const server = host.openProcess('worker2').network;
  const client = host.openProcess('worker1').network;
  return { server, client, serverHost: 'worker2', dispose: () => host.dispose() };
});
