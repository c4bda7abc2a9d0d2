import type { ApiSpec } from '../../protocol/api.ts';
import { errorCodeOf } from '../../protocol/error-codes.ts';
import { encodeResponse } from '../../protocol/frames.ts';
import type { MessageInput } from '../../protocol/schema.ts';
import {
  type ApiVersionsRequest,
  apiVersionsRequest,
  apiVersionsResponse,
} from '../../protocol/schemas/18-api-versions.ts';
import type { NodeRequestContext } from '../request-context.ts';
import { route } from '../route.ts';

const softwarePattern = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/;

/**
 * ApiVersions (18), v0-4
 *
 * Says which APIs and versions this listener answers, and which features are finalized.
 *
 * - v3 (KIP-511): the client names its software; features (KIP-584).
 * - v4: supported features from level 0 on.
 * What has no handler is not advertised. A version above ours is answered in v0 with UNSUPPORTED_VERSION.
 */
export const apiVersionsRoute = route({
  request: apiVersionsRequest,
  response: apiVersionsResponse,
  handle: handleApiVersions,
});

function handleApiVersions(
  context: NodeRequestContext,
  request: ApiVersionsRequest,
): MessageInput<typeof apiVersionsResponse> {
  const { broker, client, apiVersion } = context;
  if (3 <= apiVersion) {
    const { clientSoftwareName, clientSoftwareVersion } = request;
    if (!softwarePattern.test(clientSoftwareName) || !softwarePattern.test(clientSoftwareVersion)) {
      return { errorCode: errorCodeOf('INVALID_REQUEST') };
    }
    client.softwareName = clientSoftwareName;
    client.softwareVersion = clientSoftwareVersion;
  }
  const { image } = broker.controller;
  const { hasLoggedVoters } = broker.quorum;
  return {
    apiKeys: broker
      .apisOf(client.listenerName)
      .filter(({ key }) => hasLoggedVoters || !voterChanges.includes(key))
      .map(({ key, versions: [minVersion, maxVersion] }) => ({
        apiKey: key,
        minVersion,
        maxVersion,
      })),
    // Simplified: of Kafka 3.8 the one feature that is finalized by default; of 3.9 where the voters are.
    supportedFeatures: [
      { name: 'metadata.version', minVersion: 1, maxVersion: 20 },
      ...(hasLoggedVoters ? [{ name: 'kraft.version', minVersion: 0, maxVersion: 1 }] : []),
    ],
    finalizedFeaturesEpoch: image.provenance.offset,
    finalizedFeatures: [
      ...image.features,
      ...(hasLoggedVoters ? [['kraft.version', 1] as const] : []),
    ].map(([name, level]) => ({ name, maxVersionLevel: level, minVersionLevel: level })),
  };
}

/** AddRaftVoter, RemoveRaftVoter and UpdateRaftVoter are of Kafka 3.9, and of use where the log names the voters. */
const voterChanges: readonly number[] = [80, 81, 82];

/** KIP-511: a client that is too new is told in v0, which everybody can read, and asks again. */
export function unsupportedApiVersions(
  apis: readonly ApiSpec[],
  correlationId: number,
): readonly Uint8Array[] {
  const own = apis.filter(({ key }) => key === apiVersionsRequest.apiKey);
  return encodeResponse(
    apiVersionsResponse,
    { apiVersion: 0, correlationId },
    {
      errorCode: errorCodeOf('UNSUPPORTED_VERSION'),
      apiKeys: own.map(({ key, versions: [minVersion, maxVersion] }) => ({
        apiKey: key,
        minVersion,
        maxVersion,
      })),
    },
  );
}
