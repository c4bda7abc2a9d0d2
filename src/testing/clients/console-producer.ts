import { type ApacheKafka, ApacheKafkaError } from '../apache-kafka.ts';

/**
 * Sends lines with the Java console producer and acks=all. Throws when one was not acknowledged: the tool logs that
 * and ends with 0 all the same. Unless told otherwise it gives a record up after four requests of 1.5 s, which is too
 * soon where a dead replica stands in the ISR until its session of 9 s is over.
 */
export function produceLines(
  kafka: ApacheKafka,
  to: { readonly bootstrap: string; readonly topic: string },
  lines: readonly string[],
): void {
  const args = [
    ...['--bootstrap-server', to.bootstrap, '--topic', to.topic],
    ...['--request-timeout-ms', '30000', '--message-send-max-retries', '100'],
    ...['--producer-property', 'acks=all'],
  ];
  const stdin = `${lines.join('\n')}\n`;
  const said = kafka.output('kafka.tools.ConsoleProducer', args, { stdin });
  // Its log is on standard output (`bench/apache-kafka/log4j.properties`).
  if (said.includes(' ERROR ')) throw new ApacheKafkaError(`not all was acknowledged: ${said}`);
}
