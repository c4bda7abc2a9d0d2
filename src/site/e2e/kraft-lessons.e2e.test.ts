import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenPage, openSite, type SiteUnderTest } from '../../testing/open-site.ts';

let site: SiteUnderTest;
let opened: OpenPage;

/** The lesson that begins with three empty machines, with the network off. */
beforeAll(async () => {
  site = await openSite();
  opened = await site.open('/en/03-kraft/02-three-nodes/');
  await opened.page.waitForSelector('html[data-offline="ready"]');
  await opened.context.setOffline(true);
  await opened.page.evaluate('lab.start()');
});
afterAll(async () => {
  await opened?.context.close();
  await site?.close();
});

interface Answer {
  readonly exitCode: number;
  readonly stdout: string;
}

function exec(command: string): Promise<Answer> {
  return opened.page.evaluate(`lab.exec(${JSON.stringify(command)})`);
}

const addresses = 'worker1:9092,worker2:9092,worker3:9092';
const describeQuorum = `kafka-metadata-quorum.sh --bootstrap-server ${addresses} describe --status`;

function numberAfter(label: string, text: string): number {
  return Number(new RegExp(`^${label}:\\s+(\\d+)`, 'm').exec(text)?.[1]);
}

test('three empty machines become a cluster by the lesson’s commands, offline', async () => {
  for (const step of ['configure', 'format', 'start', 'topic', 'records']) {
    await opened.page.evaluate(`lab.solve('${step}')`);
    expect(await opened.page.evaluate(`lab.check('${step}')`)).toMatchObject({ passed: true });
  }
});

test('the killed active controller is followed by another, and comes back with lab start', async () => {
  const before = (await exec(describeQuorum)).stdout;
  const leader = numberAfter('LeaderId', before);
  expect((await exec(`lab kill worker${leader}`)).stdout).toMatch(
    /^worker\d: Kafka \(pid \d+\) killed\n$/,
  );
  const after = (await exec(describeQuorum)).stdout;
  expect(numberAfter('LeaderId', after)).not.toBe(leader);
  expect(numberAfter('LeaderEpoch', after)).toBeGreaterThan(numberAfter('LeaderEpoch', before));
  expect((await exec(`lab start worker${leader}`)).stdout).toContain('started with');
  await expect
    .poll(async () => (await exec('lab status')).stdout.match(/Kafka \d+/g))
    .toHaveLength(3);
});

test('a machine that is cut off cannot be reached, and can again when the network is whole', async () => {
  expect((await exec('lab cut worker3')).stdout).toContain('worker3');
  expect((await exec('ssh worker3 hostname')).exitCode).toBe(255);
  await exec('lab heal');
  expect((await exec('ssh worker3 hostname')).stdout).toBe('worker3\n');
});

test('a command of the text runs in a second terminal that a click opens', async () => {
  const second = { machine: 'worker1', terminal: 2, command: 'echo in-the-second > ~/second' };
  await opened.page.evaluate(
    `lab.runInTerminal(${JSON.stringify({ ...second, interrupt: false })})`,
  );
  await expect
    .poll(async () => (await exec('cat ~/second')).stdout, { timeout: 10_000 })
    .toBe('in-the-second\n');
});
