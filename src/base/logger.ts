export type LogLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL';

/** Port: the program's log. Text is text: a host escapes what its medium needs. */
export interface Logger {
  /** `source` is Kafka's logger name, such as `kafka.server.KafkaRaftServer`. */
  log(level: LogLevel, source: string, message: string, error?: unknown): void;
}

export const silentLogger: Logger = { log() {} };
