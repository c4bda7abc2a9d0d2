import { ByteReader } from './byte-reader.ts';
import { ByteWriter, joinChunks } from './byte-writer.ts';
import { DecodeError, EncodeError } from './errors.ts';
import { structCodec } from './internal/struct-codec.ts';
import type { ValueCodec } from './internal/value-codec.ts';
import type { MessageInput, MessageOf, MessageSchema } from './schema.ts';

/**
 * Encodes a message; fields that are left out have their defaults.
 * Throws EncodeError when the version cannot carry a value.
 */
export function encodeMessage<const S extends MessageSchema>(
  schema: S,
  version: number,
  message: MessageInput<S>,
): Uint8Array {
  return joinChunks(encodeMessageChunks(schema, version, message));
}

/** As encodeMessage, but large byte fields are chunks of their own and not copied. */
export function encodeMessageChunks<const S extends MessageSchema>(
  schema: S,
  version: number,
  message: MessageInput<S>,
): Uint8Array[] {
  const writer = new ByteWriter();
  writeMessage(schema, version, message, writer);
  return writer.chunks();
}

/** Encodes behind what the writer already holds. */
export function writeMessage<const S extends MessageSchema>(
  schema: S,
  version: number,
  message: MessageInput<S>,
  writer: ByteWriter,
): void {
  codecToWrite(schema, version, compiled).write(writer, message);
}

/**
 * Decodes a message that takes up all of `bytes`. Byte fields are views of `bytes`, no copies.
 * Throws DecodeError, and nothing else, for bytes that are none.
 */
export function decodeMessage<const S extends MessageSchema>(
  schema: S,
  version: number,
  bytes: Uint8Array,
): MessageOf<S> {
  const reader = new ByteReader(bytes);
  const message = readMessage(schema, version, reader);
  rejectRest(reader);
  return message;
}

/** Decodes a message from the reader's position on; what follows it is left to the caller. */
export function readMessage<const S extends MessageSchema>(
  schema: S,
  version: number,
  reader: ByteReader,
): MessageOf<S> {
  return codecToRead(schema, version, compiled).read(reader) as MessageOf<S>;
}

/** As decodeMessage, with every int64 as a bigint: for what must not lose a digit. */
export function decodeMessageExact(
  schema: MessageSchema,
  version: number,
  bytes: Uint8Array,
): Record<string, unknown> {
  const reader = new ByteReader(bytes);
  const message = codecToRead(schema, version, compiledExact).read(reader);
  rejectRest(reader);
  return message as Record<string, unknown>;
}

/** As encodeMessage, for messages whose int64 fields may be bigints. */
export function encodeMessageExact(
  schema: MessageSchema,
  version: number,
  message: Readonly<Record<string, unknown>>,
): Uint8Array {
  const writer = new ByteWriter();
  codecToWrite(schema, version, compiledExact).write(writer, message);
  return joinChunks(writer.chunks());
}

/** Whether the schema knows the version. */
export function isKnownVersion(schema: MessageSchema, version: number): boolean {
  return schema.versions[0] <= version && version <= schema.versions[1];
}

// Derived from constants only, so that sharing them changes nothing.
const compiled = new WeakMap<MessageSchema, ValueCodec[]>();
const compiledExact = new WeakMap<MessageSchema, ValueCodec[]>();

function codecToRead(schema: MessageSchema, version: number, cache: typeof compiled): ValueCodec {
  const codec = cache.get(schema)?.[version] ?? compile(schema, version, cache);
  if (codec !== undefined) return codec;
  throw new DecodeError(`${schema.name} has no version ${version}`, { start: 0, end: 0 });
}

function codecToWrite(schema: MessageSchema, version: number, cache: typeof compiled): ValueCodec {
  const codec = cache.get(schema)?.[version] ?? compile(schema, version, cache);
  if (codec !== undefined) return codec;
  throw new EncodeError(`${schema.name} has no version ${version}`);
}

function compile(
  schema: MessageSchema,
  version: number,
  cache: typeof compiled,
): ValueCodec | undefined {
  if (!isKnownVersion(schema, version)) return undefined;
  const flexible = schema.flexibleSince !== undefined && schema.flexibleSince <= version;
  const codec = structCodec(schema, { version, flexible, exact: cache === compiledExact });
  const codecs = cache.get(schema) ?? [];
  codecs[version] = codec;
  cache.set(schema, codecs);
  return codec;
}

function rejectRest(reader: ByteReader): void {
  if (reader.remaining === 0) return;
  throw new DecodeError(`${reader.remaining} bytes follow the message`, {
    start: reader.position,
    end: reader.end,
  });
}
