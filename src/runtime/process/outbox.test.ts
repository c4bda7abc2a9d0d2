import { expect, test } from 'vitest';
import { Outbox } from './outbox.ts';

function open() {
  const soon: (() => void)[] = [];
  const sent: string[] = [];
  const scheduler = {
    after: () => ({ dispose() {} }),
    soon: (task: () => void) => void soon.push(task),
  };
  const outgoing = (name: string) => ({ sendPending: () => void sent.push(name) });
  const endTurn = () => {
    for (const task of soon.splice(0)) task();
  };
  return { outbox: new Outbox(scheduler), sent, outgoing, endTurn };
}

test('files go before connections, whatever was written first', () => {
  const { outbox, sent, outgoing, endTurn } = open();
  outbox.addConnection(outgoing('answer'));
  outbox.addFile(outgoing('log'));
  expect(sent).toEqual([]);
  endTurn();
  expect(sent).toEqual(['log', 'answer']);
});

test('what is written several times in one turn goes once', () => {
  const { outbox, sent, outgoing, endTurn } = open();
  const log = outgoing('log');
  outbox.addFile(log);
  outbox.addFile(log);
  endTurn();
  endTurn();
  expect(sent).toEqual(['log']);
});

test('what received data made the process write goes at the end of that turn', async () => {
  const { outbox, sent, outgoing } = open();
  outbox.sendSoonAfter(() => {
    outbox.addConnection(outgoing('answer'));
    outbox.addFile(outgoing('log'));
  });
  expect(sent).toEqual([]);
  await Promise.resolve();
  expect(sent).toEqual(['log', 'answer']);
});

test('what is written after that is not forgotten', async () => {
  const { outbox, sent, outgoing, endTurn } = open();
  outbox.sendSoonAfter(() => {});
  await Promise.resolve();
  outbox.addConnection(outgoing('late'));
  endTurn();
  expect(sent).toEqual(['late']);
});
