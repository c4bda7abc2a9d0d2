import { ByteReader } from '../../protocol/byte-reader.ts';
import { ByteWriter, joinChunks } from '../../protocol/byte-writer.ts';
import { readMessage, writeMessage } from '../../protocol/codec.ts';
import { encodeRequest } from '../../protocol/frames.ts';
import type { MessageInput, MessageSchema } from '../../protocol/schema.ts';
import {
  type DefaultPrincipalData,
  defaultPrincipalData,
} from '../../protocol/schemas/default-principal-data.ts';

const sizeBytes = 4;

/** A request as an envelope carries it: header and body, without a size (KIP-590). */
export function envelopeRequestData<const Q extends MessageSchema>(
  schema: Q,
  header: {
    readonly apiVersion: number;
    readonly correlationId: number;
    readonly clientId: string;
  },
  message: MessageInput<Q>,
): Uint8Array {
  return withoutSize(encodeRequest(schema, header, message));
}

/** A frame in chunks as one array, without its size. */
export function withoutSize(chunks: readonly Uint8Array[]): Uint8Array {
  return joinChunks(chunks).subarray(sizeBytes);
}

/** Whom the request came from, as Kafka's DefaultKafkaPrincipalBuilder writes it: a version and the message. */
export function encodePrincipal(principal: DefaultPrincipalData): Uint8Array {
  const writer = new ByteWriter();
  writer.int16(0);
  writeMessage(defaultPrincipalData, 0, principal, writer);
  return joinChunks(writer.chunks());
}

/** Throws DecodeError. */
export function decodePrincipal(bytes: Uint8Array): DefaultPrincipalData {
  const reader = new ByteReader(bytes);
  const version = reader.int16();
  return readMessage(defaultPrincipalData, version, reader);
}

/** Without SASL and TLS nobody has a name. */
export const anonymous: DefaultPrincipalData = {
  type: 'User',
  name: 'ANONYMOUS',
  tokenAuthenticated: false,
};
