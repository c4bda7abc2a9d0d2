/**
 * The language in which Kafka's messages are written down here: one object a message, whose
 * fields say in which versions they exist. The same words as Kafka's message definitions, but
 * as TypeScript constants, so that the type of a decoded message follows from its schema.
 */

/** `3+`, `0-2` or `4`. */
export type VersionRange = `${number}+` | `${number}-${number}` | `${number}`;

export type PrimitiveType =
  | 'bool'
  | 'int8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'float64'
  | 'string'
  | 'uuid'
  | 'bytes'
  | 'records';

/** A primitive, a struct, or (in brackets) an array of either. */
export type FieldType =
  | PrimitiveType
  | StructSchema
  | readonly [PrimitiveType]
  | readonly [StructSchema];

export interface FieldSchema {
  readonly name: string;
  readonly type: FieldType;
  /** Where the field exists; absent: in every version. */
  readonly versions?: VersionRange;
  /** Where it may be null. */
  readonly nullable?: VersionRange;
  /** Set with `tagged`: the number of its tag (KIP-482). */
  readonly tag?: number;
  /** Where it is a tagged field; outside of these versions it is an ordinary one. */
  readonly tagged?: VersionRange;
  /** Absent: 0, false, '', the zero uuid, empty. */
  readonly default?: number | bigint | boolean | string | null;
  /** A value that differs from the default may be dropped where a version lacks the field. */
  readonly ignorable?: true;
  /** `none`: the field keeps its old form in flexible versions (only RequestHeader.clientId). */
  readonly flexible?: 'none';
  /** What Kafka 3.8 called the field; its JSON may use that name. */
  readonly formerName?: string;
}

export interface StructSchema {
  /** Kafka's name of the struct or message. */
  readonly name: string;
  readonly fields: readonly FieldSchema[];
}

export interface MessageSchema extends StructSchema {
  /** Key of the API, or of the metadata record; absent for other data. */
  readonly apiKey?: number;
  /** First and last version that is known, which may be more than we advertise. */
  readonly versions: readonly [first: number, last: number];
  /** First version with compact lengths and tagged fields; absent: none. */
  readonly flexibleSince?: number;
}

/**
 * What decoding gives: every field, with its default where the version lacks it.
 * int64 is a safe integer, uuid the 22 characters that Kafka prints.
 */
export type MessageOf<S extends StructSchema> = {
  readonly [F in S['fields'][number] as F['name']]: DecodedField<F>;
};

/** What encoding takes: any field may be left out and then has its default. */
export type MessageInput<S extends StructSchema> = {
  readonly [F in S['fields'][number] as F['name']]?: InputField<F> | undefined;
};

type DecodedField<F extends FieldSchema> = Decoded<F['type']> | NullOf<F>;
type InputField<F extends FieldSchema> = Input<F['type']> | NullOf<F>;
type NullOf<F extends FieldSchema> = F extends { readonly nullable: string } ? null : never;

type Decoded<T extends FieldType> = T extends PrimitiveType
  ? ScalarOf[T]
  : T extends StructSchema
    ? MessageOf<T>
    : T extends readonly [infer E extends PrimitiveType]
      ? readonly ScalarOf[E][]
      : T extends readonly [infer E extends StructSchema]
        ? readonly MessageOf<E>[]
        : never;

type Input<T extends FieldType> = T extends PrimitiveType
  ? ScalarInput[T]
  : T extends StructSchema
    ? MessageInput<T>
    : T extends readonly [infer E extends PrimitiveType]
      ? readonly ScalarInput[E][]
      : T extends readonly [infer E extends StructSchema]
        ? readonly MessageInput<E>[]
        : never;

interface ScalarOf {
  bool: boolean;
  int8: number;
  int16: number;
  uint16: number;
  int32: number;
  uint32: number;
  int64: number;
  float64: number;
  string: string;
  uuid: string;
  bytes: Uint8Array;
  records: Uint8Array;
}

interface ScalarInput extends Omit<ScalarOf, 'records'> {
  /** Batches that lie in several buffers need not be joined first. */
  records: Uint8Array | readonly Uint8Array[];
}
