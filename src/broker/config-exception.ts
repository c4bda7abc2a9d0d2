/** What a user wrote into server.properties cannot be run; the message is Kafka's. */
export class ConfigException extends Error {
  override readonly name = 'ConfigException';
}
