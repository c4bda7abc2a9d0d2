import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodeShimsForEsbuild } from '../../scripts/node-shims.mjs';
import { type BrowserLab, openBrowserLab } from '../testing/browser-lab.ts';

interface Result {
  readonly exitCode: number;
  readonly output: string;
  readonly errors: string;
}
declare const lab: {
  readonly files: { write(machine: string, path: string, content: string): Promise<void> };
};
declare const shell: (text: string) => Promise<Result>;
declare const run: (command: string, machine?: string) => Promise<Result>;

describe('node in a worker', () => {
  let browser: BrowserLab;

  beforeAll(async () => {
    browser = await openBrowserLab({
      entries: [
        'runtime/e2e/page.ts',
        'runtime/kernel-worker.ts',
        'runtime/e2e/test-program-worker.ts',
        'runtime/node-worker.ts',
      ],
      page: 'page',
      isInsecure: true,
      plugins: [nodeShimsForEsbuild],
    });
    await browser.page.evaluate('bootTestLab()');
  });
  afterAll(() => browser?.close());

  async function node(files: Record<string, string>, args = ''): Promise<Result> {
    return await browser.page.evaluate(
      async ([sources, rest]) => {
        for (const [name, text] of Object.entries(sources)) {
          await lab.files.write('worker1', `/home/learner/${name}`, text);
        }
        return run(`node ${Object.keys(sources)[0]}${rest}`);
      },
      [files, args === '' ? '' : ` ${args}`] as const,
    );
  }

  async function sh(text: string): Promise<Result> {
    return await browser.page.evaluate((line) => shell(line), text);
  }

  test('runs TypeScript with imports, JSON and top-level await, and ends by itself', async () => {
    const result = await node(
      {
        'main.ts': `import { twice } from './lib.ts';
import settings from './settings.json';
import { basename } from 'node:path';
const value: number = await Promise.resolve(twice(settings.n));
console.log(value, basename(process.argv[1]!), process.argv.slice(2), { a: [1, 'x'], b: null });
`,
        'lib.ts': 'export function twice(n: number): number { return n * 2; }\n',
        'settings.json': '{"n": 21}',
      },
      'one two',
    );
    expect(result).toEqual({
      exitCode: 0,
      errors: '',
      output: "42 main.ts [ 'one', 'two' ] { a: [ 1, 'x' ], b: null }\n",
    });
  });

  test('waits for timers and sockets, not for what is unref’d, and gives process.exitCode', async () => {
    const result = await node({
      'exit.js': `
setInterval(() => {}, 1000).unref();
setTimeout(() => console.log('later'), 30);
process.exitCode = 5;
process.on('exit', (code) => console.log('exit', code));
console.log('first');`,
    });
    expect(result).toEqual({ exitCode: 5, errors: '', output: 'first\nlater\nexit 5\n' });
  });

  test('prints an uncaught error with the learner’s own line and ends with 1', async () => {
    const result = await node({
      'bad.ts': '\n\nfunction f() {\n  throw new Error("no");\n}\nf();\n',
    });
    expect(result.exitCode).toBe(1);
    expect(result.errors).toMatch(/^Error: no\n +at f \(\/home\/learner\/bad\.ts:4:9\)/);
    expect(result.errors).not.toContain('http');
  });

  test('says which module cannot be found', async () => {
    const result = await node({ 'missing.js': "require('left-pad')" });
    expect(result.exitCode).toBe(1);
    expect(result.errors).toContain("Error: Cannot find module 'left-pad'");
  });

  test('nothing runs after process.exit', async () => {
    const result = await node({
      'stop.js': "console.log('a'); try { process.exit(3) } finally { console.log('b') }",
    });
    expect(result).toEqual({ exitCode: 3, errors: '', output: 'a\n' });
  });

  test('has sockets: an echo server and its client', async () => {
    const result = await node({
      'echo.js': `
const net = require('net');
const server = net.createServer((socket) => socket.pipe(socket));
server.listen(0, () => {
  const client = net.connect(server.address().port, 'worker1', () => client.end('hello'));
  client.setEncoding('utf8');
  client.on('data', (text) => console.log(text));
  client.on('close', () => server.close(() => console.log('closed')));
});`,
    });
    expect(result).toEqual({ exitCode: 0, errors: '', output: 'hello\nclosed\n' });
  });

  test('has HTTP: a server, its client and fetch', async () => {
    const result = await node({
      'web.mjs': `
import http from 'node:http';
const server = http.createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => { body += chunk; });
  request.on('end', () => {
    response.writeHead(201, { 'X-Test': 'yes' });
    response.write(request.method + ' ');
    response.end(request.url + ' ' + body);
  });
});
await new Promise((resolve) => server.listen(8080, resolve));
const answer = await fetch('http://worker1:8080/a?b=1', { method: 'POST', body: 'text' });
console.log(answer.status, answer.headers.get('x-test'), await answer.text());
http.get('http://localhost:8080/again', (response) => {
  response.setEncoding('utf8');
  response.on('data', (text) => process.stdout.write(text));
  response.on('end', () => { console.log(); server.close(); });
});`,
    });
    expect(result).toEqual({
      exitCode: 0,
      errors: '',
      output: '201 yes POST /a?b=1 text\nGET /again \n',
    });
  });

  test('has files, synchronous and not', async () => {
    const result = await node({
      'files.ts': `import { readFileSync, writeFileSync, mkdirSync, readdirSync, existsSync, promises, createReadStream } from 'fs';
import { createInterface } from 'readline';
mkdirSync('data/deep', { recursive: true });
writeFileSync('data/a.txt', 'one\\ntwo\\n');
console.log(readFileSync('data/a.txt', 'utf8').length, readdirSync('data'), existsSync('data/none'));
await promises.appendFile('data/a.txt', 'three\\n');
for await (const line of createInterface({ input: createReadStream('data/a.txt') })) console.log(line);
try { readFileSync('nowhere'); } catch (error: any) { console.log(error.code, error.message); }
`,
    });
    expect(result.output).toBe(
      "8 [ 'a.txt', 'deep' ] false\none\ntwo\nthree\nENOENT ENOENT: no such file or directory, open '/home/learner/nowhere'\n",
    );
  });

  test('has child processes', async () => {
    const result = await node({
      'child.js': `
const { spawn, execFile } = require('child_process');
const child = spawn('hello', ['from', 'node']);
child.stdout.on('data', (chunk) => process.stdout.write(chunk));
child.on('close', (code) => {
  console.log('code', code);
  spawn('nowhere').on('error', (error) => console.log(error.code));
});`,
    });
    expect(result).toEqual({
      exitCode: 0,
      errors: '',
      output: 'hello from node on worker1\ncode 3\nENOENT\n',
    });
  });

  test('has gzip and hashes without a secure context', async () => {
    const result = await node({
      'pack.js': `
const zlib = require('zlib'), crypto = require('crypto'), { promisify } = require('util');
promisify(zlib.gzip)('hello'.repeat(100)).then(async (packed) => {
  console.log(packed.length < 60, (await promisify(zlib.unzip)(packed)).length);
  console.log(crypto.createHash('sha256').update('abc').digest('hex').slice(0, 16), crypto.randomBytes(4).length);
});`,
    });
    expect(result).toEqual({ exitCode: 0, errors: '', output: 'true 500\nba7816bf8f01cfea 4\n' });
  });

  test('loads the unmodified kafkajs, which says that nobody listens', async () => {
    const result = await node({
      'kafka.ts': `import { Kafka, logLevel } from 'kafkajs';
const kafka = new Kafka({ brokers: ['worker1:9092'], retry: { retries: 0 }, logLevel: logLevel.NOTHING });
try { await kafka.producer().connect(); } catch (error: any) { console.log(error.name, error.message); }
`,
    });
    expect(result.errors).toBe('');
    expect(result.output).toContain('ECONNREFUSED 10.0.0.11:9092');
  });

  test('runs the unmodified kafkajs against the broker in the tab: admin, producer, consumer group', async () => {
    const config = new URL('../../sandboxes/kafka/config/kraft/server.properties', import.meta.url);
    await browser.page.evaluate(
      async (text) => {
        const tool = (name: string) => `#!/usr/bin/env node\nrequire('./run.cjs')('${name}')\n`;
        for (const name of ['kafka-storage.sh', 'kafka-server-start.sh']) {
          await lab.files.write('worker1', `/opt/kafka_2.13-3.8.0/bin/${name}`, tool(name));
        }
        await lab.files.write('worker1', '/opt/kafka_2.13-3.8.0/server.properties', text);
      },
      readFileSync(config, 'utf8'),
    );
    const start = await sh(
      'cd $KAFKA_HOME; chmod +x bin/*; ' +
        'kafka-storage.sh format -t $(kafka-storage.sh random-uuid) -c server.properties; ' +
        'kafka-server-start.sh -daemon server.properties; ' +
        'for i in $(seq 100); do grep -qs "Kafka Server started" logs/server.log && break; sleep 0.1; done; ' +
        'tail -3 logs/server.log',
    );
    expect(start.output).toContain('Kafka Server started');
    const result = await node({
      'group.ts': `import { Kafka, CompressionTypes, logLevel } from 'kafkajs';
const kafka = new Kafka({ brokers: ['worker1:9092'], logLevel: logLevel.ERROR });
const admin = kafka.admin();
await admin.connect();
await admin.createTopics({ topics: [{ topic: 'orders', numPartitions: 3 }] });
console.log((await admin.fetchTopicMetadata({ topics: ['orders'] })).topics[0]!.partitions.length);
const producer = kafka.producer();
await producer.connect();
const messages = Array.from({ length: 300 }, (_, i) => ({ key: String(i), value: 'v' + i }));
await producer.send({ topic: 'orders', messages });
await producer.send({ topic: 'orders', messages: messages.slice(0, 100), compression: CompressionTypes.GZIP });
const consumer = kafka.consumer({ groupId: 'g' });
await consumer.connect();
await consumer.subscribe({ topic: 'orders', fromBeginning: true });
let count = 0;
const all = new Promise<void>((resolve) => {
  void consumer.run({ eachMessage: async () => { count += 1; if (count === 400) resolve(); } });
});
await all;
await consumer.disconnect();
console.log(count, (await admin.describeGroups(['g'])).groups[0]!.groupId);
await producer.disconnect();
await admin.disconnect();
`,
    });
    expect(result).toEqual({ exitCode: 0, errors: '', output: '3\n400 g\n' });
  });

  test('logs no error of its own and asks no other origin', () => {
    expect(browser.errors).toEqual([]);
    expect(browser.foreignRequests).toEqual([]);
  });
});
