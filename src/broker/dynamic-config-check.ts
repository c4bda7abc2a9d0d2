import {
  brokerConfigOverrides,
  configResourceTypes,
  type MetadataImage,
} from '../controller/metadata-image.ts';
import { ConfigException } from './config-exception.ts';
import { KafkaConfig } from './kafka-config.ts';
import type { NodeServices } from './node-services.ts';

interface ConfigChange {
  readonly name: string;
  readonly value: string | null;
}

/**
 * What this broker knows to be wrong with a change of its own configs before the controller is asked; null
 * where nothing is, or where the change is not for it.
 */
export function ownConfigProblem(
  { config, controller, nodeId }: NodeServices,
  resource: { readonly resourceType: number; readonly resourceName: string },
  changes: readonly ConfigChange[],
): string | null {
  const { resourceType, resourceName } = resource;
  const isOwn = resourceName === '' || resourceName === `${nodeId}`;
  if (resourceType !== configResourceTypes.BROKER || !isOwn) return null;
  const isListening = changes.some(({ name }) => name.includes('listener'));
  return isListening ? dynamicConfigProblem(config, controller.image, changes) : null;
}

/**
 * Whether this broker could run with changed dynamic configs: what is wrong, in Kafka's words, or null
 * (`DynamicBrokerConfig.validate`; the controller knows no listeners).
 */
function dynamicConfigProblem(
  config: KafkaConfig,
  image: MetadataImage,
  changes: readonly ConfigChange[],
): string | null {
  const properties = new Map([
    ...config.properties,
    ...brokerConfigOverrides(image, ''),
    ...brokerConfigOverrides(image, config.nodeId),
  ]);
  for (const { name, value } of changes) {
    if (value === null) properties.delete(name);
    else properties.set(name, value);
  }
  try {
    new KafkaConfig(properties);
    return null;
  } catch (error) {
    if (error instanceof ConfigException) return error.message;
    throw error;
  }
}
