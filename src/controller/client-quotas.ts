import { errorCodeOf } from '../protocol/error-codes.ts';
import type {
  AlterClientQuotasRequest,
  AlterClientQuotasRequestEntryData,
  AlterClientQuotasResponse,
} from '../protocol/schemas/49-alter-client-quotas.ts';
import {
  type ApiError,
  apiError,
  type ControllerContext,
  type ControllerResult,
  noError,
} from './controller-context.ts';
import { quotaEntityKey } from './metadata-delta.ts';
import type { MetadataRecordInput } from './metadata-record.ts';

const entityTypes: readonly string[] = ['user', 'client-id', 'ip'];

/** Quota keys, and whether a value must be whole (`QuotaConfigs`). */
const clientKeys: ReadonlyMap<string, boolean> = new Map([
  ['producer_byte_rate', true],
  ['consumer_byte_rate', true],
  ['request_percentage', false],
  ['controller_mutation_rate', false],
]);
const ipKeys: ReadonlyMap<string, boolean> = new Map([['connection_creation_rate', true]]);

/**
 * AlterClientQuotas (49, KIP-546): keeps quotas in the metadata log.
 *
 * Simplified: nobody enforces them.
 */
export function alterClientQuotas(
  ctx: ControllerContext,
  request: AlterClientQuotasRequest,
): ControllerResult<AlterClientQuotasResponse> {
  const records: MetadataRecordInput[] = [];
  const seen = new Set<string>();
  const entries = request.entries.map((entry) => {
    const key = quotaEntityKey(entry.entity);
    const problem = seen.has(key)
      ? apiError('INVALID_REQUEST', `Ignoring duplicate entity ${key}`)
      : entryProblem(entry);
    seen.add(key);
    const { errorCode, message } = problem ?? noError;
    if (problem === undefined) records.push(...changes(ctx, key, entry));
    return { errorCode: errorCodeOf(errorCode), errorMessage: message, entity: entry.entity };
  });
  return { records: request.validateOnly ? [] : records, response: { throttleTimeMs: 0, entries } };
}

function changes(
  { image }: ControllerContext,
  entityKey: string,
  { entity, ops }: AlterClientQuotasRequestEntryData,
): readonly MetadataRecordInput[] {
  const current = image.clientQuotas.get(entityKey)?.quotas;
  return ops
    .filter(({ key, value, remove }) => (remove ? current?.has(key) : current?.get(key) !== value))
    .map(({ key, value, remove }) => ({
      kind: 'ClientQuotaRecord',
      version: 0,
      message: { entity, key, value: remove ? 0 : value, remove },
    }));
}

function entryProblem({ entity, ops }: AlterClientQuotasRequestEntryData): ApiError | undefined {
  const refuse = (message: string) => apiError('INVALID_REQUEST', message);
  if (entity.length === 0) return refuse('Invalid empty client quota entity');
  const types = entity.map(({ entityType }) => entityType);
  const unknown = types.find((type) => !entityTypes.includes(type));
  if (unknown !== undefined) return refuse(`Unhandled client quota entity type: ${unknown}`);
  const twice = types.find((type, i) => types.indexOf(type) !== i);
  if (twice !== undefined)
    return refuse(`Invalid client quota entity, duplicate entity entry ${twice}`);
  if (types.includes('ip') && 1 < types.length) {
    return refuse(
      'Invalid quota entity combination, IP entity shouldnot be combined with User or ClientId',
    );
  }
  const keys = types.includes('ip') ? ipKeys : clientKeys;
  const problem = ops.map((op) => operationProblem(op, keys)).find((text) => text !== undefined);
  return problem === undefined ? undefined : refuse(problem);
}

function operationProblem(
  { key, value, remove }: AlterClientQuotasRequestEntryData['ops'][number],
  keys: ReadonlyMap<string, boolean>,
): string | undefined {
  const isWhole = keys.get(key);
  if (isWhole === undefined) return `Invalid configuration key ${key}`;
  if (remove) return undefined;
  if (!(0 < value)) return `Quota ${key} must be greater than 0`;
  return isWhole && !Number.isInteger(value) ? `${key} cannot be a fractional value.` : undefined;
}
