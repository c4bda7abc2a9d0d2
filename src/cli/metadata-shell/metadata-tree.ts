import {
  configResourceTypes,
  type MetadataImage,
  metadataVersionOf,
  type TopicImage,
} from '../../controller/metadata-image.ts';
import { javaDoubleToString } from '../../protocol/json.ts';
import { uuidFromString } from '../../protocol/uuid.ts';
import { metadataVersionOfLevel } from '../storage/metadata-versions.ts';
import { kafkaVersion } from '../tool.ts';
import { file, fixedFolder, folderOf, type MetadataFolder } from './metadata-node.ts';
import {
  aclText,
  brokerText,
  controllerText,
  delegationTokenText,
  partitionText,
  provenanceText,
  scramCredentialText,
  zkMigrationStateText,
} from './metadata-texts.ts';
import { quotaEntityName } from './quota-entity-name.ts';

/** What the jars of 3.8.0 say they were built from. */
const commitId = '771b9576b00ecf5b';

/** The tree of Kafka's RootShellNode over an image. */
export function metadataTree(image: MetadataImage): MetadataFolder {
  return fixedFolder({ local: localFolder, image: () => imageFolder(image) });
}

function localFolder(): MetadataFolder {
  return fixedFolder({ version: () => file(kafkaVersion), commitId: () => file(commitId) });
}

function imageFolder(image: MetadataImage): MetadataFolder {
  return fixedFolder({
    provenance: () => file(provenanceText(image.provenance)),
    features: () => featuresFolder(image),
    cluster: () => clusterFolder(image),
    topics: () => topicsFolder(image),
    configs: () => configsFolder(image),
    clientQuotas: () => quotasFolder(image),
    // Kafka's image has -1 before the first block of ids is given out, ours 0.
    producerIds: () =>
      fixedFolder({ nextProducerId: () => file(String(image.nextProducerId || -1)) }),
    acls: () => folderOf(image.acls, (acl) => file(aclText(acl))),
    scram: () => scramFolder(image),
    delegationToken: () =>
      folderOf(image.delegationTokens, (token) => file(delegationTokenText(token))),
  });
}

const finalizedPrefix = 'finalized_';

/** It knows `finalized_…` of any name, as in Kafka: level 0 where the feature is not finalized. */
function featuresFolder(image: MetadataImage): MetadataFolder {
  const names = [...image.features.keys()].filter((name) => name !== 'metadata.version');
  const level = metadataVersionOf(image);
  const fixed = fixedFolder({
    metadataVersion: () => file(metadataVersionOfLevel(level)?.name ?? String(level)),
    zkMigrationState: () => file(zkMigrationStateText(image)),
  });
  return {
    kind: 'folder',
    childNames: () => [...fixed.childNames(), ...names.map((name) => finalizedPrefix + name)],
    child(name) {
      if (!name.startsWith(finalizedPrefix)) return fixed.child(name);
      const feature = name.slice(finalizedPrefix.length);
      return file(String(names.includes(feature) ? image.features.get(feature) : 0));
    },
  };
}

function clusterFolder({ brokers, controllers }: MetadataImage): MetadataFolder {
  return fixedFolder({
    brokers: () => folderOf(byText(brokers), (broker) => file(brokerText(broker))),
    controllers: () => folderOf(byText(controllers), (each) => file(controllerText(each))),
  });
}

function byText<T>(byNumber: ReadonlyMap<number, T>): ReadonlyMap<string, T> {
  return new Map([...byNumber].map(([id, value]) => [String(id), value]));
}

function topicsFolder({ topics }: MetadataImage): MetadataFolder {
  const byId = folderOf(topics.byId, topicFolder);
  return fixedFolder({
    byName: () => folderOf(topics.byName, topicFolder),
    byId: () => ({
      ...byId,
      child: (name) => (uuidFromString(name) === undefined ? undefined : byId.child(name)),
    }),
  });
}

function topicFolder({ name, topicId, partitions }: TopicImage): MetadataFolder {
  const children = Object.fromEntries(
    partitions.map((partition, i) => [String(i), () => file(partitionText(partition))]),
  );
  return fixedFolder({ name: () => file(name), id: () => file(topicId), ...children });
}

/** `TOPIC:orders`, and `BROKER` alone for the defaults of all brokers. */
function configsFolder({ configs }: MetadataImage): MetadataFolder {
  const typeNames = new Map<number, string>(
    Object.entries(configResourceTypes).map(([name, type]) => [type, name]),
  );
  const named = [...configs].map(([key, overrides]) => {
    const colon = key.indexOf(':');
    const type = typeNames.get(Number(key.slice(0, colon))) ?? 'UNKNOWN';
    const resource = key.slice(colon + 1);
    return [resource === '' ? type : `${type}:${resource}`, overrides] as const;
  });
  return folderOf(new Map(named), (overrides) => folderOf(overrides, (value) => file(value)));
}

function quotasFolder({ clientQuotas }: MetadataImage): MetadataFolder {
  const named = [...clientQuotas.values()].map(
    ({ entity, quotas }) => [quotaEntityName(entity), quotas] as const,
  );
  return folderOf(new Map(named), (quotas) =>
    folderOf(quotas, (value) => file(javaDoubleToString(value))),
  );
}

function scramFolder({ scramCredentials }: MetadataImage): MetadataFolder {
  const usersOf = (mechanism: number) => () => {
    const users = [...scramCredentials.values()]
      .filter((credential) => credential.mechanism === mechanism)
      .map((credential) => [credential.name, credential] as const);
    return folderOf(new Map(users), (credential) => file(scramCredentialText(credential)));
  };
  return fixedFolder({ 'SCRAM-SHA-256': usersOf(1), 'SCRAM-SHA-512': usersOf(2) });
}
