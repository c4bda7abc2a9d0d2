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
  type ControllerSettings,
  noError,
} from './controller-context.ts';
import { type MetadataImage, metadataVersionOf } from './metadata-image.ts';
import type { MetadataRecordInput } from './metadata-record.ts';
import {
  didMetadataChange,
  isControllerRegistrationSupported,
  LATEST_METADATA_VERSION,
  MINIMUM_BOOTSTRAP_VERSION,
  MINIMUM_METADATA_VERSION,
  metadataVersionName,
} from './metadata-version.ts';

const metadataVersion = 'metadata.version';
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
  // Those that are in order are updated whatever becomes of the others.
  const accepted = request.featureUpdates.filter((_, i) => problems[i] === undefined);
  const records = request.validateOnly ? [] : recordsOf(accepted);
  return { records, response: { throttleTimeMs: 0, errorCode: 0, errorMessage: '', results } };
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
  const reason =
    upgradeTypeOf(update) === undefined
      ? 'The controller does not support the given upgrade type.'
      : levelProblem(ctx, update);
  if (reason !== undefined) {
    const message = `Invalid update version ${level} for feature ${feature}. ${reason}`;
    return apiError('INVALID_UPDATE_VERSION', message);
  }
  if (feature !== metadataVersion) return undefined;
  const problem = metadataVersionProblem(ctx, update);
  if (problem === undefined) return undefined;
  return apiError('INVALID_UPDATE_VERSION', `Invalid metadata.version ${level}. ${problem}`);
}

function upgradeTypeOf({ upgradeType, allowDowngrade }: FeatureUpdateKey): number | undefined {
  if (allowDowngrade) return upgradeTypes.safeDowngrade;
  return Object.values(upgradeTypes).some((known) => known === upgradeType)
    ? upgradeType
    : undefined;
}

function levelProblem(ctx: ControllerContext, update: FeatureUpdateKey): string | undefined {
  const { feature, maxVersionLevel: level } = update;
  if (level < 0) return 'A feature version cannot be less than 0.';
  const unsupported = supportProblem(ctx, feature, level);
  if (unsupported !== undefined) return unsupported;
  const current = ctx.image.features.get(feature) ?? 0;
  const isUpgrade = upgradeTypeOf(update) === upgradeTypes.upgrade;
  if (level < current && isUpgrade) {
    return "Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade.";
  }
  return current < level && !isUpgrade ? "Can't downgrade to a newer version." : undefined;
}

function metadataVersionProblem(
  { image }: ControllerContext,
  update: FeatureUpdateKey,
): string | undefined {
  const { maxVersionLevel: level } = update;
  if (level < MINIMUM_BOOTSTRAP_VERSION) {
    return `Unable to set a metadata.version less than ${metadataVersionName(MINIMUM_BOOTSTRAP_VERSION)}`;
  }
  const current = metadataVersionOf(image);
  if (current <= level || !didMetadataChange(current, level)) return undefined;
  return upgradeTypeOf(update) === upgradeTypes.unsafeDowngrade
    ? 'Unsafe metadata downgrade is not supported in this version.'
    : 'Refusing to perform the requested downgrade because it might delete metadata information.';
}

/** All brokers and controllers must know a level before it is set. */
function supportProblem(
  { image, settings }: ControllerContext,
  feature: string,
  level: number,
): string | undefined {
  const local = feature === metadataVersion ? localRange : noRange;
  const own = rangeProblem(`Local controller ${settings.nodeId}`, local, level);
  if (own !== undefined) return own;
  for (const { brokerId, features } of image.brokers.values()) {
    const problem = rangeProblem(`Broker ${brokerId}`, rangeIn(features, feature), level);
    if (problem !== undefined) return problem;
  }
  return isControllerRegistrationSupported(metadataVersionOf(image))
    ? controllerProblem(image, settings, feature, level)
    : undefined;
}

function controllerProblem(
  image: MetadataImage,
  { nodeId, voterIds = [] }: ControllerSettings,
  feature: string,
  level: number,
): string | undefined {
  for (const { controllerId, features } of image.controllers.values()) {
    if (controllerId === nodeId) continue;
    const range = rangeIn(features, feature);
    const problem = rangeProblem(`Controller ${controllerId}`, range, level);
    if (problem !== undefined) return problem;
  }
  const absent = voterIds.find((id) => id !== nodeId && !image.controllers.has(id));
  if (absent === undefined) return undefined;
  return `controller ${absent} has not registered, and may not support this feature`;
}

type FeatureRange = Pick<SupportedFeature, 'minSupportedVersion' | 'maxSupportedVersion'>;
interface SupportedFeature {
  readonly name: string;
  readonly minSupportedVersion: number;
  readonly maxSupportedVersion: number;
}

const noRange: FeatureRange = { minSupportedVersion: 0, maxSupportedVersion: 0 };
const localRange: FeatureRange = {
  minSupportedVersion: MINIMUM_METADATA_VERSION,
  maxSupportedVersion: LATEST_METADATA_VERSION,
};

function rangeIn(features: readonly SupportedFeature[], feature: string): FeatureRange {
  return features.find(({ name }) => name === feature) ?? noRange;
}

function rangeProblem(
  who: string,
  { minSupportedVersion: low, maxSupportedVersion: high }: FeatureRange,
  level: number,
): string | undefined {
  if (low <= level && level <= high) return undefined;
  return high === 0
    ? `${who} does not support this feature.`
    : `${who} only supports versions ${low}-${high}`;
}
