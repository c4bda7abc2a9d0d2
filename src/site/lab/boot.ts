import {
  type BootOptions,
  type Notice,
  type Sandbox,
  type SandboxProvider,
  SandboxUnavailableError,
} from '../../runtime/provider.ts';

type ProviderKind = SandboxProvider['kind'];

/**
 * Boots the wished-for provider; a WebContainer that cannot be had gives way to in-tab machines, and
 * the reason is among the sandbox's notices.
 */
export async function bootSandbox(wish: ProviderKind, options: BootOptions): Promise<Sandbox> {
  const kind = storedChoice() ?? wish;
  if (kind === 'in-tab') return (await loadProvider('in-tab')).boot(options);
  try {
    return await (await loadProvider('webcontainer')).boot(options);
  } catch (error) {
    if (!(error instanceof SandboxUnavailableError)) throw error;
    const sandbox = await (await loadProvider('in-tab')).boot(options);
    return withNotice(sandbox, { id: 'provider-fallback', text: error.message });
  }
}

/** The learner's own choice in the lab's options. */
export function storedChoice(): ProviderKind | undefined {
  try {
    const choice = localStorage.getItem('provider');
    return choice === 'in-tab' || choice === 'webcontainer' ? choice : undefined;
  } catch {
    return undefined;
  }
}

export function storeChoice(kind: ProviderKind): void {
  try {
    localStorage.setItem('provider', kind);
  } catch {
    // Without storage the choice holds for this start.
  }
}

async function loadProvider(kind: ProviderKind): Promise<SandboxProvider> {
  if (kind === 'in-tab') return (await import('../../runtime/in-tab-provider.ts')).inTabProvider;
  return (await import('../../runtime/web-container-provider.ts')).webContainerProvider;
}

function withNotice(sandbox: Sandbox, notice: Notice): Sandbox {
  return new Proxy(sandbox, {
    get(target, key) {
      if (key === 'notices') return [...target.notices, notice];
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
