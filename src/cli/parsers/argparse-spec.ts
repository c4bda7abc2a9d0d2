/** An option as argparse4j 0.7 knows it. */
export interface ArgparseArgument {
  readonly names: readonly string[];
  readonly help: string;
  readonly kind: 'value' | 'list' | 'append' | 'flag' | 'help';
  readonly type?: 'Integer' | 'Long';
  readonly metavar?: string;
  readonly defaultValue?: string;
  readonly required?: boolean;
}

/** A word without dashes: at most one, at least one, or any number of them. */
export interface ArgparsePositional {
  readonly name: string;
  readonly help: string;
  readonly count: 'one' | 'optional' | 'any' | 'some';
  readonly type?: 'Integer';
}

export interface ArgparseGroup {
  readonly title?: string;
  readonly description?: string;
  readonly names: readonly string[];
}

export interface ArgparseSpec {
  /** The name that usage and errors print. */
  readonly program: string;
  readonly description?: string;
  readonly arguments: readonly ArgparseArgument[];
  /** Not together with subcommands. */
  readonly positionals?: readonly ArgparsePositional[];
  /** Exactly one of each set must be given; first names. */
  readonly exclusive?: readonly (readonly string[])[];
  /** At most one of each set may be given; first names. */
  readonly alternatives?: readonly (readonly string[])[];
  readonly groups?: readonly ArgparseGroup[];
  readonly showsDefaults?: boolean;
  readonly subcommands?: readonly ArgparseSpec[];
  /** For a subcommand: its name, its line in the parent's help, the parent. */
  readonly command?: string;
  readonly help?: string;
  readonly parent?: ArgparseSpec;
}

export const helpArgument: ArgparseArgument = {
  names: ['-h', '--help'],
  help: 'show this help message and exit',
  kind: 'help',
};
