/** Loads the unmodified kafkajs. In JavaScript, because its types would bring Node's into a browser zone. */
export const loadKafkajs = () => import('kafkajs');
