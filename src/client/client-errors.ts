import { defaultErrorMessage, type ErrorCode, isRetriable } from '../protocol/error-codes.ts';

/** Something between this client and its cluster went wrong; `javaName` is what Kafka's tools call it. */
export abstract class ClientError extends Error {
  /** The class in Kafka's Java client, such as `org.apache.kafka.common.errors.TimeoutException`. */
  abstract readonly javaName: string;
  abstract readonly isRetriable: boolean;
}

/** The broker answered with an error code. */
export class BrokerError extends ClientError {
  override readonly name = 'BrokerError';
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message?: string | null) {
    super(message ?? defaultErrorMessage(code));
    this.code = code;
  }

  get javaName(): string {
    return `org.apache.kafka.common.errors.${javaNameOf(this.code)}`;
  }

  get isRetriable(): boolean {
    return isRetriable(this.code);
  }
}

/** Nothing came within the time that was given. */
export class TimeoutError extends ClientError {
  override readonly name = 'TimeoutError';
  readonly javaName = 'org.apache.kafka.common.errors.TimeoutException';
  readonly isRetriable = true;
}

/** The connection is gone, or could not be made. */
export class DisconnectedError extends ClientError {
  override readonly name = 'DisconnectedError';
  readonly javaName = 'org.apache.kafka.common.errors.DisconnectException';
  readonly isRetriable = true;
}

/** The broker does not speak any version of a request that we do. */
export class UnsupportedVersionError extends ClientError {
  override readonly name = 'UnsupportedVersionError';
  readonly javaName = 'org.apache.kafka.common.errors.UnsupportedVersionException';
  readonly isRetriable = false;
}

/** A client's configuration is wrong. */
export class ConfigError extends ClientError {
  override readonly name = 'ConfigError';
  readonly javaName = 'org.apache.kafka.common.config.ConfigException';
  readonly isRetriable = false;
}

/** The client was closed while it had work. */
export class ClosedError extends ClientError {
  override readonly name = 'ClosedError';
  readonly javaName = 'org.apache.kafka.common.KafkaException';
  readonly isRetriable = false;
}

/** A call that this state of the client does not allow; Java's IllegalStateException. */
export class IllegalStateError extends ClientError {
  override readonly name = 'IllegalStateError';
  readonly javaName = 'java.lang.IllegalStateException';
  readonly isRetriable = false;
}

const irregularNames: Partial<Record<ErrorCode, string>> = {
  INVALID_CONFIG: 'InvalidConfigurationException',
  NON_EMPTY_GROUP: 'GroupNotEmptyException',
  UNKNOWN_SERVER_ERROR: 'UnknownServerException',
  CORRUPT_MESSAGE: 'CorruptRecordException',
  REQUEST_TIMED_OUT: 'TimeoutException',
  MESSAGE_TOO_LARGE: 'RecordTooLargeException',
  OFFSET_METADATA_TOO_LARGE: 'OffsetMetadataTooLarge',
  NETWORK_EXCEPTION: 'NetworkException',
  INVALID_TOPIC_EXCEPTION: 'InvalidTopicException',
  RECORD_LIST_TOO_LARGE: 'RecordBatchTooLargeException',
  TOPIC_ALREADY_EXISTS: 'TopicExistsException',
  KAFKA_STORAGE_ERROR: 'KafkaStorageException',
  SASL_AUTHENTICATION_FAILED: 'SaslAuthenticationException',
  OUT_OF_ORDER_SEQUENCE_NUMBER: 'OutOfOrderSequenceException',
  DUPLICATE_SEQUENCE_NUMBER: 'DuplicateSequenceException',
};

/** `UNKNOWN_TOPIC_OR_PARTITION` → `UnknownTopicOrPartitionException`, with Kafka's irregular ones. */
function javaNameOf(code: ErrorCode): string {
  const irregular = irregularNames[code];
  if (irregular !== undefined) return irregular;
  const words = code.replace(/_(EXCEPTION|ERROR)$/, '').split('_');
  const name = words.map((word) => word.charAt(0) + word.slice(1).toLowerCase()).join('');
  return `${name}Exception`;
}
