import { apiOf } from './api.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { readMessage, writeMessage } from './codec.ts';
import { DecodeError } from './errors.ts';
import type { MessageInput, MessageOf, MessageSchema } from './schema.ts';
import { requestHeader, responseHeader } from './schemas/headers.ts';

const API_VERSIONS = 18;
const CONTROLLED_SHUTDOWN = 7;

export interface OutgoingHeader {
  readonly apiVersion: number;
  readonly correlationId: number;
}

export interface OutgoingRequestHeader extends OutgoingHeader {
  readonly clientId: string | null;
}

export interface IncomingRequestHeader extends OutgoingRequestHeader {
  readonly apiKey: number;
  /** Where in the frame the request itself begins. */
  readonly bodyStart: number;
}

/** A request as chunks ready for a socket: size, header, body. Large byte fields are not copied. */
export function encodeRequest<const S extends MessageSchema>(
  schema: S,
  header: OutgoingRequestHeader,
  message: MessageInput<S>,
): Uint8Array[] {
  const { apiKey = -1 } = schema;
  const headerVersion = requestHeaderVersion(schema, header.apiVersion);
  const writer = sizedWriter();
  writeMessage(
    requestHeader,
    headerVersion,
    {
      requestApiKey: apiKey,
      requestApiVersion: header.apiVersion,
      correlationId: header.correlationId,
      clientId: headerVersion === 0 ? undefined : header.clientId,
    },
    writer,
  );
  writeMessage(schema, header.apiVersion, message, writer);
  return sizedChunks(writer);
}

/** A response as chunks ready for a socket: size, header, body. Large byte fields are not copied. */
export function encodeResponse<const S extends MessageSchema>(
  schema: S,
  header: OutgoingHeader,
  message: MessageInput<S>,
): Uint8Array[] {
  const writer = sizedWriter();
  const { correlationId } = header;
  writeMessage(
    responseHeader,
    responseHeaderVersion(schema, header.apiVersion),
    { correlationId },
    writer,
  );
  writeMessage(schema, header.apiVersion, message, writer);
  return sizedChunks(writer);
}

/**
 * The header of a request frame (without its size). The version may be one that we do not
 * know: ApiVersions must be answered even then. Throws DecodeError for an unknown API key,
 * since nothing says then how the header goes on; Kafka closes the connection too.
 */
export function decodeRequestHeader(frame: Uint8Array): IncomingRequestHeader {
  const reader = new ByteReader(frame);
  const apiKey = reader.int16();
  const apiVersion = reader.int16();
  const api = apiOf(apiKey);
  if (api === undefined) throw new DecodeError(`unknown API key ${apiKey}`, { start: 0, end: 2 });
  reader.position = 0;
  const header = readMessage(requestHeader, requestHeaderVersion(api.request, apiVersion), reader);
  const { correlationId, clientId } = header;
  return { apiKey, apiVersion, correlationId, clientId, bodyStart: reader.position };
}

/** The request behind a header. Bytes after it are ignored, as Kafka does. */
export function decodeRequestBody<const S extends MessageSchema>(
  schema: S,
  header: IncomingRequestHeader,
  frame: Uint8Array,
): MessageOf<S> {
  return readMessage(schema, header.apiVersion, new ByteReader(frame, header.bodyStart));
}

/** The correlation id of a response frame: it says which request's schema to decode with. */
export function correlationIdOf(frame: Uint8Array): number {
  return new ByteReader(frame).int32();
}

/** The response in a frame (without its size). Bytes after it are ignored, as Kafka does. */
export function decodeResponse<const S extends MessageSchema>(
  schema: S,
  version: number,
  frame: Uint8Array,
): MessageOf<S> {
  const reader = new ByteReader(frame);
  readMessage(responseHeader, responseHeaderVersion(schema, version), reader);
  return readMessage(schema, version, reader);
}

/** 2 for flexible versions, else 1; ControlledShutdown v0 is so old that it has no client id. */
export function requestHeaderVersion(schema: MessageSchema, version: number): 0 | 1 | 2 {
  if (schema.apiKey === CONTROLLED_SHUTDOWN && version === 0) return 0;
  return isFlexible(schema, version) ? 2 : 1;
}

/**
 * 1 for flexible versions, else 0; always 0 for ApiVersions, whose client cannot know yet
 * what the broker speaks (KIP-511).
 */
export function responseHeaderVersion(schema: MessageSchema, version: number): 0 | 1 {
  if (schema.apiKey === API_VERSIONS) return 0;
  return isFlexible(schema, version) ? 1 : 0;
}

function isFlexible(schema: MessageSchema, version: number): boolean {
  return schema.flexibleSince !== undefined && schema.flexibleSince <= version;
}

function sizedWriter(): ByteWriter {
  const writer = new ByteWriter();
  writer.int32(0);
  return writer;
}

function sizedChunks(writer: ByteWriter): Uint8Array[] {
  const size = writer.size - 4;
  const chunks = writer.chunks();
  const [first] = chunks;
  if (first !== undefined) new DataView(first.buffer, first.byteOffset).setInt32(0, size);
  return chunks;
}
