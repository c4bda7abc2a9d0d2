import type { ITheme } from '@xterm/xterm';

/** xterm's colours from the site's tokens, for the appearance that the page has now. */
export function terminalTheme(): ITheme {
  const probe = document.createElement('span');
  document.body.append(probe);
  const colour = (token: string) => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const theme: ITheme = {
    background: colour('--sunken'),
    foreground: colour('--ink'),
    cursor: colour('--ink'),
    cursorAccent: colour('--sunken'),
    selectionBackground: colour('--selection'),
    black: colour('--ink'),
    red: colour('--alert'),
    green: colour('--accent'),
    yellow: colour('--worker2'),
    blue: colour('--worker1'),
    magenta: colour('--worker3'),
    cyan: colour('--accent'),
    white: colour('--ink-soft'),
    brightBlack: colour('--ink-soft'),
    brightRed: colour('--alert'),
    brightGreen: colour('--accent'),
    brightYellow: colour('--worker2'),
    brightBlue: colour('--worker1'),
    brightMagenta: colour('--worker3'),
    brightCyan: colour('--accent'),
    brightWhite: colour('--ink'),
  };
  probe.remove();
  return theme;
}
