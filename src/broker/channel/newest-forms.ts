import type { DeleteTopicsRequest } from '../../protocol/schemas/20-delete-topics.ts';
import type { UpdateFeaturesRequest } from '../../protocol/schemas/57-update-features.ts';
import { ZERO_UUID } from '../../protocol/uuid.ts';

/**
 * A client's request goes to the controller in the newest version that both nodes know, whatever version the
 * client spoke: what older versions say in fields of their own is said here in the newest ones' fields.
 */
export const newestForms = {
  /** v6 has topics with names and ids in place of names. */
  deleteTopics({ topicNames, topics, ...rest }: DeleteTopicsRequest): DeleteTopicsRequest {
    const named = topicNames.map((name) => ({ name, topicId: ZERO_UUID }));
    return { ...rest, topicNames: [], topics: [...topics, ...named] };
  },

  /** v1 has three kinds of changes in place of a flag; 2 is a safe downgrade (KIP-778). */
  updateFeatures({ featureUpdates, ...rest }: UpdateFeaturesRequest): UpdateFeaturesRequest {
    return {
      ...rest,
      featureUpdates: featureUpdates.map(({ allowDowngrade, ...update }) => ({
        ...update,
        allowDowngrade: false,
        upgradeType: allowDowngrade ? 2 : update.upgradeType,
      })),
    };
  },
} as const;
