import { keepForOffline } from './offline.ts';

const root = document.documentElement;

document.querySelector('[data-appearance-toggle]')?.addEventListener('click', () => {
  const appearance = isDark() ? 'light' : 'dark';
  root.dataset['appearance'] = appearance;
  try {
    localStorage.setItem('appearance', appearance);
  } catch {
    // Without storage the choice holds for this page.
  }
  document.dispatchEvent(new Event('appearancechange'));
});

function isDark(): boolean {
  const chosen = root.dataset['appearance'];
  if (chosen !== undefined) return chosen === 'dark';
  return matchMedia('(prefers-color-scheme: dark)').matches;
}

keepForOffline();
