import type { Redirect } from './awk-syntax.ts';
import type { AwkValue } from './awk-value.ts';

/** What a program needs of the world. */
export interface AwkPorts {
  /** The next record of the main input; undefined at the end. */
  nextRecord(): Promise<string | undefined>;
  write(text: string): Promise<void> | undefined;
  redirect(
    redirect: { operator: Redirect['operator']; target: string },
    text: string,
  ): Promise<void>;
  close(target: string): Promise<number>;
  readLine(source: { kind: 'file' | 'command'; name: string }): Promise<string | undefined>;
  system(command: string): Promise<number>;
  random(): number;
  nowMs(): number;
  /** Lets signals in; undefined when it is not time yet. */
  checkpoint(): Promise<void> | undefined;
}

export class AwkExit extends Error {
  override readonly name = 'AwkExit';
  readonly status: number | undefined;
  constructor(status: number | undefined) {
    super('exit');
    this.status = status;
  }
}

export class AwkReturn extends Error {
  override readonly name = 'AwkReturn';
  readonly value: AwkValue;
  constructor(value: AwkValue) {
    super('return');
    this.value = value;
  }
}

export class AwkFlow extends Error {
  override readonly name = 'AwkFlow';
  readonly kind: 'next' | 'nextfile' | 'break' | 'continue';
  constructor(kind: 'next' | 'nextfile' | 'break' | 'continue') {
    super(kind);
    this.kind = kind;
  }
}
