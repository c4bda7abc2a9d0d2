import type { Sandbox } from '../../runtime/provider.ts';
import type { Strings } from '../i18n/en.ts';

/** What the lab runs on and what it could not have. */
export function statusText(sandbox: Sandbox, text: Strings): string {
  const isMemory = sandbox.notices.some((notice) => notice.id === 'memory-disk');
  const isInTab = sandbox.kind === 'in-tab';
  const parts = [isInTab ? text.inTab : text.webcontainer];
  if (isInTab) parts.push(isMemory ? text.diskMemory : text.diskOpfs);
  return parts.join(' · ');
}
