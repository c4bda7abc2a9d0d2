/** What the kernel and tapped processes tell the frame inspector. Plain data: it travels between workers. */
export type TapMessage =
  /** A process; its frames come over the port. */
  | { readonly kind: 'process'; readonly port: object }
  | { readonly kind: 'connection'; readonly connection: TappedConnection }
  | { readonly kind: 'closed'; readonly connection: number };

export interface TappedConnection {
  readonly id: number;
  readonly client: TappedEnd;
  readonly server: TappedEnd;
}

export interface TappedEnd {
  readonly machine: string;
  readonly pid: number;
  /** The program and its arguments. */
  readonly command: readonly string[];
  readonly host: string;
  readonly port: number;
}

/** What a process has seen pass since the batch before. */
export interface TapBatch {
  readonly frames: readonly TapFrame[];
  readonly lost: readonly TapLoss[];
}

export interface TapFrame {
  readonly connection: number;
  /** Whether the side that has connected sent it. */
  readonly isFromClient: boolean;
  /** Wall-clock time, with fractions. */
  readonly atMs: number;
  /** Of the frame, without its size field. */
  readonly sizeBytes: number;
  /** As much of it as is kept. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** It is no frame of Kafka's: bytes of some other protocol. */
  readonly isOther: boolean;
}

/** Frames that passed and were not kept: too many at once, or in the middle when the tap was opened. */
export interface TapLoss {
  readonly connection: number;
  readonly frames: number;
  readonly bytes: number;
}

/** Of one frame no more is kept. */
export const keptFrameBytesMax = 16_384;
