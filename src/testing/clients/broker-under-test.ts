import { findApacheKafka } from '../apache-kafka.ts';
import { apacheKafkaLauncher, BrokerProcess, brokerlab } from '../broker-process.ts';

/** A broker for client tests: ours, or with INTEROP_AGAINST=apache the real one, to check the test itself. */
export function startBrokerUnderTest(
  properties: Readonly<Record<string, string>> = {},
): Promise<BrokerProcess> {
  if (process.env['INTEROP_AGAINST'] !== 'apache')
    return BrokerProcess.start(brokerlab, properties);
  const kafka = findApacheKafka({ fetch: true });
  if ('reason' in kafka) throw new TypeError(kafka.reason);
  return BrokerProcess.start(apacheKafkaLauncher(kafka), properties);
}
