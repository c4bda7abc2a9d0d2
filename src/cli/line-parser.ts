import type { ProducerRecord } from '../client/producer-record.ts';
import type { RecordHeader } from '../protocol/records/record-iterator.ts';
import { JavaError } from './tool.ts';

const encoder = new TextEncoder();

/** Makes records of lines: `headers TAB key TAB value`, as the properties say (Kafka's LineMessageReader). */
export class LineParser {
  readonly #topic: string;
  readonly #parsesKey: boolean;
  readonly #parsesHeaders: boolean;
  readonly #ignoresErrors: boolean;
  readonly #keySeparator: string;
  readonly #headersDelimiter: string;
  readonly #headersSeparator: string;
  readonly #headersKeySeparator: string;
  readonly #nullMarker: string | undefined;
  #lineNumber = 0;

  constructor(topic: string, properties: Readonly<Record<string, string>>) {
    const isSet = (key: string) => properties[key]?.trim().toLowerCase() === 'true';
    this.#topic = topic;
    this.#parsesKey = isSet('parse.key');
    this.#parsesHeaders = isSet('parse.headers');
    this.#ignoresErrors = isSet('ignore.error');
    this.#keySeparator = properties['key.separator'] ?? '\t';
    this.#headersDelimiter = properties['headers.delimiter'] ?? '\t';
    this.#headersSeparator = properties['headers.separator'] ?? ',';
    this.#headersKeySeparator = properties['headers.key.separator'] ?? ':';
    this.#nullMarker = properties['null.marker'];
  }

  /** Throws JavaError for a line without a separator, unless `ignore.error=true`. */
  parse(line: string): ProducerRecord {
    this.#lineNumber += 1;
    let rest = line;
    let headers: readonly RecordHeader[] = [];
    if (this.#parsesHeaders) {
      const parts = this.#split(rest, this.#headersDelimiter, 'headers delimiter');
      if (parts !== undefined) {
        headers = parts[0] === this.#nullMarker ? [] : this.#parseHeaders(parts[0]);
        rest = parts[1];
      }
    }
    let key: Uint8Array | null = null;
    if (this.#parsesKey) {
      const parts = this.#split(rest, this.#keySeparator, 'key separator');
      if (parts !== undefined) {
        key = this.#toBytes(parts[0]);
        rest = parts[1];
      }
    }
    return { topic: this.#topic, key, value: this.#toBytes(rest), headers };
  }

  #split(text: string, separator: string, what: string): [string, string] | undefined {
    const at = text.indexOf(separator);
    if (at !== -1) return [text.slice(0, at), text.slice(at + separator.length)];
    if (this.#ignoresErrors) return undefined;
    throw this.#failure(`No ${what} found on line number ${this.#lineNumber}: '${text}'`);
  }

  #parseHeaders(text: string): readonly RecordHeader[] {
    return text.split(this.#headersSeparator).map((pair) => {
      const at = pair.indexOf(this.#headersKeySeparator);
      if (at !== -1) {
        const value = pair.slice(at + this.#headersKeySeparator.length);
        return { key: pair.slice(0, at), value: this.#toBytes(value) };
      }
      if (this.#ignoresErrors) return { key: pair, value: null };
      throw this.#failure(
        `No header key separator found in pair '${pair}' on line number ${this.#lineNumber}`,
      );
    });
  }

  #toBytes(text: string): Uint8Array | null {
    return text === this.#nullMarker ? null : encoder.encode(text);
  }

  #failure(message: string): JavaError {
    return new JavaError('org.apache.kafka.common.KafkaException', message);
  }
}
