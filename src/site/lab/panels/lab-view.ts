/** One of the lab's panels while it is open. */
export interface LabView {
  readonly element: HTMLElement;
  /** While nobody sees it, it asks and draws nothing. */
  setPaused(isPaused: boolean): void;
  dispose(): void;
}

export type PanelKind = 'cluster' | 'frames';
