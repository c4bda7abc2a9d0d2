import { kafkaHome, kafkaHomeFiles } from './kafka-home.ts';
import type { FileContent } from './provider.ts';
import type { Container } from './web-container/container-api.ts';
import { WebContainerProvider } from './web-container/web-container-boot.ts';

/** Bundles of the tools and of the shell, fetched only when a container is wanted. */
const bundles = import.meta.glob<string>('../../sandboxes/kafka/libs/*', {
  query: '?url',
  import: 'default',
});

/** WebContainer on this site. */
export const webContainerProvider = new WebContainerProvider({
  bootContainer: async () => {
    const { WebContainer } = await import('@webcontainer/api');
    const container = await WebContainer.boot({ coep: 'credentialless', workdirName: 'lab' });
    return container as unknown as Container;
  },
  probe: (signal) => fetch('https://stackblitz.com/headless', { mode: 'no-cors', signal }),
  obstacle: () =>
    globalThis.crossOriginIsolated
      ? undefined
      : 'WebContainer needs a page that is cross-origin isolated (https or localhost, and COOP and COEP headers).',
  systemFiles,
});

async function systemFiles(): Promise<Readonly<Record<string, FileContent>>> {
  const files: Record<string, FileContent> = { ...kafkaHomeFiles() };
  const loading = Object.entries(bundles).map(async ([path, load]) => {
    const response = await fetch(await load());
    const name = path.slice(path.lastIndexOf('/') + 1);
    files[`${kafkaHome}/libs/${name}`] = { content: new Uint8Array(await response.arrayBuffer()) };
  });
  await Promise.all(loading);
  return files;
}
