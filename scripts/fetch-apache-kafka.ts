// Fetches Apache Kafka 3.8.0 for the tests that compare with it, where there is a Java and a Maven.
import { findApacheKafka } from '../src/testing/apache-kafka.ts';

const kafka = findApacheKafka({ fetch: true });
if ('reason' in kafka) console.log(`Tests with the Java tools will be skipped: ${kafka.reason}.`);
