import type {
  BrokerRegistration,
  MetadataImage,
  PartitionRegistration,
  Provenance,
} from '../../controller/metadata-image.ts';
import type { AccessControlEntryRecord } from '../../protocol/schemas/records/access-control-entry-record.ts';
import type { DelegationTokenRecord } from '../../protocol/schemas/records/delegation-token-record.ts';
import type { RegisterControllerRecord } from '../../protocol/schemas/records/register-controller-record.ts';
import type { UserScramCredentialRecord } from '../../protocol/schemas/records/user-scram-credential-record.ts';

/** Kafka's BrokerRegistration.toString. */
export function brokerText(broker: BrokerRegistration): string {
  const { brokerId, brokerEpoch, incarnationId, rack, logDirs } = broker;
  return `BrokerRegistration(id=${brokerId}, epoch=${brokerEpoch}, incarnationId=${incarnationId}, ${endPointsText(broker)}, rack=${rack === null ? 'Optional.empty' : `Optional[${rack}]`}, fenced=${broker.fenced}, inControlledShutdown=${broker.inControlledShutdown}, isMigratingZkBroker=${broker.isMigratingZkBroker}, directories=${listText(logDirs)})`;
}

/** Kafka's ControllerRegistration.toString. */
export function controllerText(controller: RegisterControllerRecord): string {
  const { controllerId, incarnationId, zkMigrationReady } = controller;
  return `ControllerRegistration(id=${controllerId}, incarnationId=${incarnationId}, zkMigrationReady=${zkMigrationReady}, ${endPointsText(controller)})`;
}

/** Kafka's PartitionRegistration.toString. */
export function partitionText(partition: PartitionRegistration): string {
  const { leader, leaderEpoch, partitionEpoch } = partition;
  const lists = [
    `replicas=${listText(partition.replicas)}`,
    `directories=${listText(partition.directories)}`,
    `isr=${listText(partition.isr)}`,
    `removingReplicas=${listText(partition.removingReplicas)}`,
    `addingReplicas=${listText(partition.addingReplicas)}`,
    `elr=${listText(partition.eligibleLeaderReplicas)}`,
    `lastKnownElr=${listText(partition.lastKnownElr)}`,
  ];
  const recovery = partition.leaderRecoveryState === 0 ? 'RECOVERED' : 'RECOVERING';
  return `PartitionRegistration(${lists.join(', ')}, leader=${leader}, leaderRecoveryState=${recovery}, leaderEpoch=${leaderEpoch}, partitionEpoch=${partitionEpoch})`;
}

/** Kafka's StandardAcl.toString. */
export function aclText(acl: AccessControlEntryRecord): string {
  const name = (names: readonly string[], code: number) => names[code] ?? 'UNKNOWN';
  return `StandardAcl(resourceType=${name(resourceTypes, acl.resourceType)}, resourceName=${acl.resourceName}, patternType=${name(patternTypes, acl.patternType)}, principal=${acl.principal}, host=${acl.host}, operation=${name(aclOperations, acl.operation)}, permissionType=${name(permissionTypes, acl.permissionType)})`;
}

/** As Kafka 3.8 prints a token: its parentheses do not match there either. */
export function delegationTokenText(token: DelegationTokenRecord): string {
  const { tokenId, owner, requester, renewers } = token;
  return `DelegationTokenDatatokenId=${tokenId}(owner=${owner}(tokenRequester=${requester}(renewers=${renewers.join(' ')}, issueTimestamp=${token.issueTimestamp}, maxTimestamp=${token.maxTimestamp}), expiryTimestamp=${token.expirationTimestamp}`;
}

export function scramCredentialText(credential: UserScramCredentialRecord): string {
  const { salt, storedKey, serverKey, iterations } = credential;
  return `ScramCredentialData(salt=${hex(salt)}, storedKey=${hex(storedKey)}, serverKey=${hex(serverKey)}, iterations=${iterations})`;
}

export function provenanceText({ offset, epoch, timestampMs }: Provenance): string {
  return `offset ${offset}, epoch ${epoch}, time ${isoTime(timestampMs)}[UTC]`;
}

/** Kafka's ZkMigrationState, by its number in the record. */
export function zkMigrationStateText({ zkMigrationState }: MetadataImage): string {
  const names = ['NONE', 'PRE_MIGRATION', 'MIGRATION', 'POST_MIGRATION'];
  return names[zkMigrationState] ?? String(zkMigrationState);
}

const resourceTypes = [
  ...['UNKNOWN', 'ANY', 'TOPIC', 'GROUP', 'CLUSTER', 'TRANSACTIONAL_ID', 'DELEGATION_TOKEN'],
  'USER',
];
const patternTypes = ['UNKNOWN', 'ANY', 'MATCH', 'LITERAL', 'PREFIXED'];
const permissionTypes = ['UNKNOWN', 'ANY', 'DENY', 'ALLOW'];
const aclOperations = [
  ...['UNKNOWN', 'ANY', 'ALL', 'READ', 'WRITE', 'CREATE', 'DELETE', 'ALTER', 'DESCRIBE'],
  ...['CLUSTER_ACTION', 'DESCRIBE_CONFIGS', 'ALTER_CONFIGS', 'IDEMPOTENT_WRITE'],
  ...['CREATE_TOKENS', 'DESCRIBE_TOKENS'],
];
const securityProtocols = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'];
const int16Max = 32_767;

/** The same in the records of brokers and of controllers. */
interface Registered {
  readonly endPoints: BrokerRegistration['endPoints'];
  readonly features: BrokerRegistration['features'];
}

function endPointsText({ endPoints, features }: Registered): string {
  const listeners = endPoints
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(
      ({ name, securityProtocol, host, port }) =>
        `Endpoint(listenerName='${name}', securityProtocol=${securityProtocols[securityProtocol] ?? 'UNKNOWN'}, host='${host}', port=${port})`,
    );
  const supported = features
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(
      ({ name, minSupportedVersion, maxSupportedVersion }) =>
        `${name}: ${versionRangeText(minSupportedVersion, maxSupportedVersion)}`,
    );
  return `listeners=[${listeners.join(', ')}], supportedFeatures={${supported.join(', ')}}`;
}

function versionRangeText(min: number, max: number): string {
  if (min === max) return String(min);
  return max === int16Max ? `${min}+` : `${min}-${max}`;
}

function listText(values: readonly (string | number)[]): string {
  return `[${values.join(', ')}]`;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** DateTimeFormatter.ISO_ZONED_DATE_TIME in UTC: no zeros at the end of the fraction. */
function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.?0*Z$/, 'Z');
}
