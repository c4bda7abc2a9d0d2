/** What the page asks of the inspector's worker, and what that tells by itself: plain data, bounded. */
export interface InspectorCalls {
  /** The kernel's end of the tap; the tap before it is over. */
  setSource(a: { port: object }): void;
  setFilter(a: FrameFilter): void;
  /** Undefined when the ring has let go of it. */
  detail(a: { id: number }): ExchangeDetail | undefined;
  clear(a: Record<never, never>): void;
}

/** Sent when something has changed, five times a second at most. */
export interface FrameList {
  readonly event: 'frames';
  /** The newest of those that match, oldest first. */
  readonly rows: readonly ExchangeRow[];
  readonly matching: number;
  readonly kept: number;
  readonly keptBytes: number;
  /** Frames that passed and are not here: let go of by the ring, too many at once, without their other half. */
  readonly notKept: number;
  /** What may be filtered by: what has passed. */
  readonly apis: readonly string[];
  /** Every other API, to be filtered by before its first request passes. */
  readonly otherApis: readonly string[];
  readonly processes: readonly string[];
}

export interface FrameFilter {
  /** '' is every API. */
  readonly api: string;
  /** A process as `worker1 Kafka 1043`, or a machine; '' is everything. */
  readonly process: string;
  /** Found in the bytes of request or response, such as a topic's name. */
  readonly text: string;
}

export interface ExchangeRow {
  readonly id: number;
  readonly atMs: number;
  readonly from: EndName;
  readonly to: EndName;
  /** `Fetch`, or '' for bytes of another protocol. */
  readonly api: string;
  readonly version: number;
  readonly correlationId: number;
  readonly requestBytes: number | undefined;
  readonly responseBytes: number | undefined;
  readonly latencyMs: number | undefined;
}

export interface EndName {
  readonly machine: string;
  /** `Kafka 1043`, `TopicCommand 1051`. */
  readonly process: string;
  readonly port: number;
}

export interface ExchangeDetail {
  readonly row: ExchangeRow;
  readonly clientId: string | undefined;
  readonly parts: readonly FrameDetail[];
}

export interface FrameDetail {
  readonly side: 'request' | 'response' | 'bytes';
  readonly sizeBytes: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** In the order of the bytes, each with its depth; undefined where the bytes are no frame of Kafka's. */
  readonly fields: readonly FieldRow[];
  readonly fieldsLeftOut: number;
  /** Records that were not taken apart, because there are so many. */
  readonly recordsLeftOut: number;
  /** Why decoding stopped. */
  readonly error: string | undefined;
  readonly json: string;
}

/** A field and the bytes that hold it; none where it follows from those of the field around it. */
export interface FieldRow {
  readonly name: string;
  readonly type: string;
  /** Undefined for structs and arrays. */
  readonly value: string | undefined;
  readonly start: number;
  readonly end: number;
  readonly depth: number;
}

export const listedRowsMax = 60;
export const listedFieldsMax = 600;
