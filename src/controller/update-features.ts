import { errorCodeOf } from '../protocol/error-codes.ts';
import type {
  FeatureUpdateKey,
  UpdateFeaturesRequest,
  UpdateFeaturesResponse,
} from '../protocol/schemas/57-update-features.ts';
import {
  type ApiError,
  apiError,
  type ControllerContext,
  type ControllerResult,
  noError,
} from './controller-context.ts';
import type { MetadataRecordInput } from './metadata-record.ts';
import {
  didMetadataChange,
  LATEST_METADATA_VERSION,
  MINIMUM_METADATA_VERSION,
} from './metadata-version.ts';

/** Kafka's `FeatureUpdate.UpgradeType`. */
const upgradeTypes = { upgrade: 1, safeDowngrade: 2, unsafeDowngrade: 3 } as const;

/** UpdateFeatures (57, KIP-584): finalizes another level of `metadata.version`, the one feature that 3.8 has. */
export function updateFeatures(
  ctx: ControllerContext,
  request: UpdateFeaturesRequest,
): ControllerResult<UpdateFeaturesResponse> {
  const problems = request.featureUpdates.map((update) => updateProblem(ctx, update));
  const results = request.featureUpdates.map(({ feature }, i) => {
    const { errorCode, message } = problems[i] ?? noError;
    return { feature, errorCode: errorCodeOf(errorCode), errorMessage: message };
  });
  const isRefused = problems.some((problem) => problem !== undefined);
  const records = isRefused || request.validateOnly ? [] : recordsOf(request.featureUpdates);
  return { records, response: { throttleTimeMs: 0, errorCode: 0, errorMessage: null, results } };
}

function recordsOf(updates: readonly FeatureUpdateKey[]): readonly MetadataRecordInput[] {
  return updates.map(({ feature, maxVersionLevel }) => ({
    kind: 'FeatureLevelRecord',
    version: 0,
    message: { name: feature, featureLevel: maxVersionLevel },
  }));
}

function updateProblem(ctx: ControllerContext, update: FeatureUpdateKey): ApiError | undefined {
  const { feature, maxVersionLevel: level } = update;
  const refuse = (message: string) => apiError('INVALID_UPDATE_VERSION', message);
  const upgradeType = upgradeTypeOf(update);
  if (upgradeType === undefined) {
    return refuse('The controller does not support the given upgrade type.');
  }
  if (level < 0) return refuse('A feature version cannot be less than 0.');
  const unsupported = supportProblem(ctx, feature, level);
  if (unsupported !== undefined) {
    return refuse(`Invalid update version ${level} for feature ${feature}. ${unsupported}`);
  }
  const current = ctx.image.features.get(feature) ?? 0;
  const message = directionProblem(current, level, upgradeType);
  return message === undefined ? undefined : refuse(message);
}

function upgradeTypeOf({ upgradeType, allowDowngrade }: FeatureUpdateKey): number | undefined {
  if (allowDowngrade) return upgradeTypes.safeDowngrade;
  return Object.values(upgradeTypes).some((known) => known === upgradeType)
    ? upgradeType
    : undefined;
}

function directionProblem(current: number, level: number, upgradeType: number): string | undefined {
  if (level < current) {
    if (upgradeType === upgradeTypes.upgrade) {
      return "Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade.";
    }
    if (!didMetadataChange(current, level)) return undefined;
    return upgradeType === upgradeTypes.unsafeDowngrade
      ? 'Unsafe metadata downgrade is not supported in this version.'
      : `Refusing to perform the requested downgrade because it might delete metadata information.`;
  }
  const isUpgrade = current < level;
  return isUpgrade && upgradeType !== upgradeTypes.upgrade
    ? "Can't downgrade to a newer version."
    : undefined;
}

function supportProblem(
  { image, settings }: ControllerContext,
  feature: string,
  level: number,
): string | undefined {
  const local = `Local controller ${settings.nodeId}`;
  if (feature !== 'metadata.version') return `${local} does not support this feature.`;
  if (level < MINIMUM_METADATA_VERSION || LATEST_METADATA_VERSION < level) {
    return `${local} only supports versions ${MINIMUM_METADATA_VERSION}-${LATEST_METADATA_VERSION}`;
  }
  for (const { brokerId, features } of image.brokers.values()) {
    const range = features.find(({ name }) => name === feature);
    const { minSupportedVersion: low = 0, maxSupportedVersion: high = 0 } = range ?? {};
    if (level < low || high < level)
      return `Broker ${brokerId} only supports versions ${low}-${high}`;
  }
  return undefined;
}
