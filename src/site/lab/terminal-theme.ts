import type { ITheme } from '@xterm/xterm';

/**
 * xterm's colours from the site's tokens, for the appearance that the page has now. The prompt
 * names worker1 in cyan, worker2 in magenta and worker3 in yellow: these are the machines' colours.
 */
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
    yellow: colour('--worker3'),
    blue: colour('--ink-soft'),
    magenta: colour('--worker2'),
    cyan: colour('--worker1'),
    white: colour('--ink-soft'),
    brightBlack: colour('--ink-soft'),
    brightRed: colour('--alert'),
    brightGreen: colour('--accent'),
    brightYellow: colour('--worker3'),
    brightBlue: colour('--ink-soft'),
    brightMagenta: colour('--worker2'),
    brightCyan: colour('--worker1'),
    brightWhite: colour('--ink'),
  };
  probe.remove();
  return theme;
}
