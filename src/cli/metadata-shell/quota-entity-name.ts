import type { ClientQuotaRecord } from '../../protocol/schemas/records/client-quota-record.ts';

const shownTypes: readonly (readonly [type: string, shown: string])[] = [
  ['client-id', 'clientId'],
  ['ip', 'ip'],
  ['user', 'user'],
];

/**
 * The name of a quota's folder: `clientId(app)_user(alice)`, with `\`, `(` and `)` escaped.
 * A default entity is `user()`: Kafka 3.8's shell leaves it out and fails when it prints the tree.
 */
export function quotaEntityName(entity: ClientQuotaRecord['entity']): string {
  const names = new Map(entity.map(({ entityType, entityName }) => [entityType, entityName]));
  return shownTypes
    .filter(([type]) => names.has(type))
    .map(([type, shown]) => `${shown}(${(names.get(type) ?? '').replaceAll(/[\\()]/g, '\\$&')})`)
    .join('_');
}
