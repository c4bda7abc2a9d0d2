export function loadKafkajs(): Promise<{ readonly default: unknown }>;
