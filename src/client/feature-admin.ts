import { errorNameOf } from '../protocol/error-codes.ts';
import { type Admin, throwIfError } from './admin.ts';
import { apiVersionsCall, updateFeaturesCall } from './api-calls.ts';
import { BrokerError } from './client-errors.ts';

export interface FeatureDescription {
  readonly name: string;
  readonly minVersion: number;
  readonly maxVersion: number;
  /** 0 for a feature that is not finalized. */
  readonly finalizedLevel: number;
}

/** Kafka's `FeatureUpdate.UpgradeType` by its code on the wire. */
const upgradeTypes = { upgrade: 1, safeDowngrade: 2, unsafeDowngrade: 3 } as const;

export interface FeatureUpdate {
  readonly name: string;
  readonly level: number;
  readonly upgradeType: keyof typeof upgradeTypes;
}

/** The features that a node knows, and the epoch (an offset of the metadata log) of those finalized, if there is one. */
export async function describeFeatures(admin: Admin): Promise<{
  readonly features: readonly FeatureDescription[];
  readonly epoch: number | undefined;
}> {
  const response = await admin.call('describeFeatures', apiVersionsCall, {
    clientSoftwareName: 'brokerlab',
    clientSoftwareVersion: '3.8.0',
  });
  throwIfError(response.errorCode);
  const finalized = new Map(
    response.finalizedFeatures.map(({ name, maxVersionLevel }) => [name, maxVersionLevel]),
  );
  const features = response.supportedFeatures.map(({ name, minVersion, maxVersion }) => {
    return { name, minVersion, maxVersion, finalizedLevel: finalized.get(name) ?? 0 };
  });
  const { finalizedFeaturesEpoch: epoch } = response;
  return { features, epoch: epoch < 0 ? undefined : epoch };
}

/** Finalizes other levels, or only says whether it could; answers an error for each feature that has one. */
export async function updateFeatures(
  admin: Admin,
  updates: readonly FeatureUpdate[],
  validateOnly: boolean,
): Promise<ReadonlyMap<string, BrokerError>> {
  const response = await admin.call('updateFeatures', updateFeaturesCall, {
    timeoutMs: admin.client.config.requestTimeoutMs,
    validateOnly,
    featureUpdates: updates.map(({ name, level, upgradeType }) => ({
      feature: name,
      maxVersionLevel: level,
      upgradeType: upgradeTypes[upgradeType],
    })),
  });
  throwIfError(response.errorCode, response.errorMessage);
  const failed = response.results.filter(({ errorCode }) => errorCode !== 0);
  return new Map(
    failed.map(({ feature, errorCode, errorMessage }) => [
      feature,
      new BrokerError(errorNameOf(errorCode), errorMessage),
    ]),
  );
}
