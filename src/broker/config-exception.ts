/** The classes that Kafka throws where a configuration cannot be run; a user sees their names. */
export type ConfigExceptionClass =
  | 'org.apache.kafka.common.config.ConfigException'
  | 'java.lang.IllegalArgumentException';

/** What a user wrote into server.properties cannot be run; the message is Kafka's. */
export class ConfigException extends Error {
  override readonly name = 'ConfigException';
  readonly javaName: ConfigExceptionClass;

  constructor(
    message: string,
    javaName: ConfigExceptionClass = 'org.apache.kafka.common.config.ConfigException',
  ) {
    super(message);
    this.javaName = javaName;
  }
}

/** Scala's `require`, which says so in its message. Throws ConfigException. */
export function requireConfig(condition: boolean, message: string): void {
  if (condition) return;
  throw illegalArgument(`requirement failed: ${message}`);
}

export function illegalArgument(message: string): ConfigException {
  return new ConfigException(message, 'java.lang.IllegalArgumentException');
}
