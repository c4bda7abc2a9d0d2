/** How a theorem was found to be broken. */
export interface Finding {
  readonly theorem: string;
  readonly expected: string;
  readonly found: string;
}

/** Where theorems report to; the first finding ends the simulation. */
export type Report = (finding: Finding) => void;
