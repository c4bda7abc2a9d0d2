import { type ControllerScript, directoryOf } from './controller-script.ts';

/**
 * One life of a cluster of brokers 2 to 6, told to a controller step by step: what Apache Kafka 3.8.0
 * answered and wrote is kept as a fixture, and ours must answer and write the same.
 */
export async function tellStory(script: ControllerScript): Promise<void> {
  await startBrokers(script);
  await moveReplicas(script);
  await takeMovesBack(script);
  await refuseMoves(script);
  await alterIsrs(script);
  await fenceAndElect(script);
  await electUncleanly(script);
  await shutDown(script);
  await loseDirectories(script);
  await comeAndGo(script);
  await updateFeatures(script);
}

async function startBrokers(script: ControllerScript): Promise<void> {
  await script.register('broker 6 registers and stays fenced', 6);
  for (const id of [2, 3, 4, 5]) {
    await script.register(`broker ${id} registers`, id);
    await script.heartbeat(`broker ${id} has not caught up`, id, { currentMetadataOffset: 1 });
    await script.heartbeat(`broker ${id} is unfenced`, id);
  }
  await script.createTopic('a topic to move', 'moved', [
    [2, 3, 4],
    [2, 3, 4],
  ]);
  await script.createTopic('a smaller one', 'small', [[2, 3]]);
  await script.createTopic('replicas on a fenced broker', 'with-fenced', [[6, 2]]);
  await script.createTopic('replicas on fenced brokers only', 'only-fenced', [[6]]);
}

async function moveReplicas(script: ControllerScript): Promise<void> {
  await script.reassign('other order', 'moved', [3, 2, 4], 0);
  await script.reassign('same replicas', 'moved', [3, 2, 4], 0);
  await script.reassign('one comes, one goes', 'moved', [4, 5, 2], 1);
  await list(script, 'a move is listed', null);
  await script.alterIsr('the newcomer is in sync: the move is over', 'moved', [2, 3, 4, 5], {
    index: 1,
  });
  await list(script, 'no move is listed', null);
  await script.reassign('all replicas change', 'small', [4, 5]);
  await script.alterIsr('the first newcomer is in sync', 'small', [2, 3, 4]);
  await list(script, 'a move of this partition', [{ name: 'small', partitionIndexes: [9, 0, 1] }]);
  await list(script, 'moves of unknown topics', [{ name: 'nope', partitionIndexes: [0] }]);
  await script.alterIsr('the last newcomer is in sync: another leads', 'small', [2, 3, 4, 5]);
  await script.reassign('one replica more', 'small', [4, 5, 2]);
  await script.alterIsr('it is in sync', 'small', [4, 5, 2]);
  await script.reassign('one replica fewer', 'small', [5, 2]);
  await script.reassign('to a fenced broker', 'small', [5, 6]);
  await script.alterIsr('a fenced broker cannot be in sync', 'small', [5, 6]);
  await script.reassign('to yet another broker instead', 'small', [5, 3]);
  await script.alterIsr('that one is in sync', 'small', [2, 5, 3]);
}

async function takeMovesBack(script: ControllerScript): Promise<void> {
  await script.createTopic('a topic for cancelled moves', 'back', [
    [2, 3],
    [2, 3],
    [2, 3],
  ]);
  await script.createTopic('a topic with one replica', 'lonely', [[2]]);
  await script.reassign('a move starts', 'back', [4, 5], 0);
  await script.reassign('and is cancelled', 'back', null, 0);
  await script.reassign('nothing to cancel', 'back', null, 0);
  await script.reassign('another move starts', 'back', [4, 5], 1);
  await script.alterIsr('a newcomer is in sync', 'back', [2, 3, 4], { index: 1 });
  await script.reassign('cancelled nevertheless', 'back', null, 1);
  await script.reassign('a third move starts', 'back', [4, 5], 2);
  await script.reassign('back to where it was', 'back', [2, 3], 2);
  await script.reassign('a lonely partition moves', 'lonely', [4, 5]);
  await script.alterIsr('with the first newcomer', 'lonely', [2, 4]);
  await script.heartbeat('the old replica goes', 2, { wantFence: true });
  await script.reassign('cancelling would be unclean', 'lonely', null);
  await script.heartbeat('the old replica is there again', 2);
  await script.alterIsr('and in sync', 'lonely', [2, 4]);
  await script.reassign('now it is clean', 'lonely', null);
}

async function refuseMoves(script: ControllerScript): Promise<void> {
  await script.reassign('unknown topic', 'nope', [2]);
  await script.reassign('unknown partition', 'back', [2], 99);
  await script.reassign('unknown broker', 'back', [2, 9]);
  await script.reassign('twice the same broker', 'back', [2, 2]);
  await script.reassign('no replicas', 'back', []);
  await script.reassign('a negative broker', 'back', [-1]);
}

async function list(
  script: ControllerScript,
  title: string,
  topics: readonly { readonly name: string; readonly partitionIndexes: readonly number[] }[] | null,
): Promise<void> {
  await script.ask(title, 'listPartitionReassignments', { timeoutMs: 1000, topics });
}

async function alterIsrs(script: ControllerScript): Promise<void> {
  const name = 'isr';
  await script.createTopic('a topic for its ISR', name, [[2, 3, 4]]);
  const { leaderEpoch, partitionEpoch } = script.partition(name);
  await script.alterIsr('the ISR shrinks', name, [2, 3]);
  await script.alterIsr('the ISR is as it was', name, [2, 3]);
  await script.alterIsr('an old partition epoch', name, [2], { partitionEpoch });
  await script.alterIsr('a future partition epoch', name, [2], { partitionEpoch: 99 });
  await script.alterIsr('a future leader epoch', name, [2], { leaderEpoch: leaderEpoch + 1 });
  await script.alterIsr('not the leader', name, [3], { brokerId: 3 });
  await script.alterIsr('without the leader', name, [3]);
  await script.alterIsr('with a stranger', name, [2, 5]);
  await script.alterIsr('twice the same', name, [2, 2]);
  await script.alterIsr('recovering though recovered', name, [2], { leaderRecoveryState: 1 });
  await script.alterIsr('unknown partition', name, [2], { partitionIndex: 7 });
  await script.alterIsr('with an earlier process of a broker', name, [], {
    newIsrWithEpochs: [2, 3, 4].map((id) => ({
      brokerId: id,
      brokerEpoch: script.epochOf(id) - (id === 4 ? 1 : 0),
    })),
  });
  await script.alterIsr('whatever the process', name, [], {
    newIsrWithEpochs: [2, 3, 4].map((id) => ({ brokerId: id, brokerEpoch: -1 })),
  });
  await script.ask('unknown topic id', 'alterPartition', {
    brokerId: 2,
    brokerEpoch: script.epochOf(2),
    topics: [{ topicName: '', topicId: 'Cg8gW_jdQ_etABuhikb7xw', partitions: [emptyChange] }],
  });
  await script.ask('an earlier process asks', 'alterPartition', {
    brokerId: 2,
    brokerEpoch: script.epochOf(2) - 1,
    topics: [{ topicName: '', topicId: script.topicId(name), partitions: [emptyChange] }],
  });
}

const emptyChange = {
  partitionIndex: 0,
  leaderEpoch: 0,
  newIsr: [],
  newIsrWithEpochs: [],
  leaderRecoveryState: 0,
  partitionEpoch: 0,
};

async function fenceAndElect(script: ControllerScript): Promise<void> {
  const only = (topic: string, ...partitions: readonly number[]) => [{ topic, partitions }];
  await script.elect('the preferred leader leads already', 0, only('isr', 0));
  await script.heartbeat('broker 2 wants to be fenced', 2, { wantFence: true });
  await script.elect('the preferred leader is fenced', 0, only('isr', 0));
  await script.heartbeat('broker 2 is back', 2);
  await script.elect('the preferred leader is not in sync', 0, only('isr', 0));
  await script.alterIsr('now it is', 'isr', [3, 4, 2]);
  await script.elect('the preferred leader takes over', 0, only('isr', 0));
  await script.elect('unknown partitions', 0, [...only('isr', 5), ...only('nope', 0)]);
  await script.elect('unclean, with a leader', 1, only('isr', 0));
}

async function electUncleanly(script: ControllerScript): Promise<void> {
  const name = 'unclean';
  const partition = [{ topic: name, partitions: [0] }];
  await script.createTopic('a topic that loses its leader', name, [[5, 4]]);
  await script.alterIsr('the leader is alone', name, [5]);
  await script.heartbeat('the leader goes', 5, { wantFence: true });
  await script.elect('no clean leader', 0, partition);
  await script.elect('an unclean leader', 1, partition);
  await script.alterIsr('recovering with two', name, [4, 5], { leaderRecoveryState: 1 });
  await script.alterIsr('recovered', name, [4], { leaderRecoveryState: 0 });
  await script.heartbeat('the old leader is back', 5);
  await script.alterIsr('and in sync', name, [4, 5]);
}

async function shutDown(script: ControllerScript): Promise<void> {
  await script.createTopic('a topic whose leader shuts down', 'down', [
    [5, 4],
    [4, 5],
  ]);
  await script.createTopic('a topic on it alone', 'only-5', [[5]]);
  const behind = { currentMetadataOffset: 1 };
  await script.heartbeat('broker 5 wants to shut down', 5, { wantShutDown: true, ...behind });
  await script.alterIsr('it cannot come back into an ISR', 'down', [4, 5], { index: 1 });
  await script.createTopic('another topic on it alone', 'on-leaving', [[5]]);
  await script.heartbeat('it leads one partition alone', 5, { wantShutDown: true });
  for (const id of [2, 3, 4]) await script.heartbeat(`broker ${id} has seen it`, id);
  await script.heartbeat('it may go', 5, { wantShutDown: true });
  await script.heartbeat('it asks again', 5, { wantShutDown: true });
  await script.register('its next process', 5);
  await script.heartbeat('that one is unfenced', 5);
  await script.heartbeat('a fenced broker may go at once', 6, { wantShutDown: true });
}

async function loseDirectories(script: ControllerScript): Promise<void> {
  const other = 'kRQTAr_8rDGVyNJyRXB3SA';
  const logDirs = [directoryOf(6), other];
  await script.register('broker 6 with two directories', 6, { logDirs });
  await script.heartbeat('is unfenced', 6);
  await script.createTopic('a topic on two directories', 'dirs', [
    [6, 4],
    [6, 4],
  ]);
  const assign = (title: string, id: string, partitionIndex: number, topicName = 'dirs') =>
    script.ask(title, 'assignReplicasToDirs', {
      brokerId: 6,
      brokerEpoch: script.epochOf(6),
      directories: [
        {
          id,
          topics: [{ topicId: script.topicId(topicName), partitions: [{ partitionIndex }] }],
        },
      ],
    });
  await assign('a replica is in the first', directoryOf(6), 0);
  await assign('a replica is in the second', other, 1);
  await assign('it still is', other, 1);
  await assign('a partition of others', other, 0, 'isr');
  await script.heartbeat('the second directory fails', 6, { offlineLogDirs: [other] });
  await script.heartbeat('it is known to', 6, { offlineLogDirs: [other] });
  await script.alterIsr('the failed replica cannot lead', 'dirs', [4, 6], { index: 1 });
  await script.elect('not even if preferred', 0, [{ topic: 'dirs', partitions: [0, 1] }]);
  await script.reassign('to a broker with many directories', 'down', [4, 6], 0);
}

async function comeAndGo(script: ControllerScript): Promise<void> {
  await script.register('a second process while the first is alive', 4);
  await script.register('the same process once more', 5, { isSameProcess: true });
  await script.register('another cluster', 7, { clusterId: 'elsewhere' });
  await script.register('an unknown metadata.version', 7, {
    features: [{ name: 'metadata.version', minSupportedVersion: 1, maxSupportedVersion: 3 }],
  });
  await script.register('no features', 7, { features: [] });
  await script.register('no directories', 7, { logDirs: [] });
  await script.register("another broker's directory", 7, { logDirs: [directoryOf(3)] });
  await script.register('twice the same directory', 7, {
    logDirs: [directoryOf(7), directoryOf(7)],
  });
  await script.register('a reserved directory', 7, { logDirs: ['AAAAAAAAAAAAAAAAAAAAAQ'] });
  await script.ask('broker 3 is forgotten', 'unregisterBroker', { brokerId: 3 });
  await script.ask('nobody to forget', 'unregisterBroker', { brokerId: 3 });
  await script.heartbeat('a forgotten broker', 3);
  await script.ask('a block of producer ids', 'allocateProducerIds', {
    brokerId: 2,
    brokerEpoch: script.epochOf(2),
  });
}

async function updateFeatures(script: ControllerScript): Promise<void> {
  const [upgrade, safe, unsafe] = [1, 2, 3];
  await script.updateFeature('the same level', 'metadata.version', 20, upgrade);
  await script.updateFeature('down without saying so', 'metadata.version', 19, upgrade);
  await script.updateFeature('down safely', 'metadata.version', 18, safe);
  await script.updateFeature('down, losing metadata', 'metadata.version', 16, safe);
  await script.updateFeature('down, unsafely', 'metadata.version', 16, unsafe);
  await script.updateFeature('up by downgrade', 'metadata.version', 20, safe);
  await script.updateFeature('up', 'metadata.version', 20, upgrade);
  await script.updateFeature('too far up', 'metadata.version', 21, upgrade);
  await script.updateFeature('before the first', 'metadata.version', 3, unsafe);
  await script.updateFeature('disabled', 'metadata.version', 0, unsafe);
  await script.updateFeature('negative', 'metadata.version', -1, unsafe);
  await script.updateFeature('unknown', 'foo', 1, upgrade);
  await script.updateFeature('unknown, disabled', 'foo', 0, safe);
  await script.updateFeature('reserved for KIP-853', 'kraft.version', 1, upgrade);
  await script.updateFeature('groups', 'group.version', 1, upgrade);
  await script.updateFeature('transactions', 'transaction.version', 1, upgrade);
  await script.ask('one in order, one not', 'updateFeatures', {
    timeoutMs: 1000,
    featureUpdates: [
      { feature: 'bar', maxVersionLevel: 0, allowDowngrade: false, upgradeType: upgrade },
      { feature: 'foo', maxVersionLevel: 1, allowDowngrade: false, upgradeType: upgrade },
    ],
    validateOnly: false,
  });
  await script.updateFeature('an unknown way', 'metadata.version', 19, 9);
}
