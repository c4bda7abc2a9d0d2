import { expect, test } from 'vitest';
import { parsePerfOutput } from '../../course/perf-run.ts';
import { strings } from '../i18n/strings.ts';
import { runsToCsv, runTableHtml } from './run-chart-html.ts';

const line = (megabytes: number, p999: number) =>
  `100000 records sent, ${megabytes * 1024}.000000 records/sec (${megabytes}.00 MB/sec), 5.00 ms avg latency, 20.00 ms max latency, 4 ms 50th, 8 ms 95th, 9 ms 99th, ${p999} ms 99.9th.`;
const command = 'kafka-producer-perf-test.sh --topic a --producer-props';
const runs = [
  ...parsePerfOutput(line(50, 10), `${command} acks=0`),
  ...parsePerfOutput(line(100, 20), `${command} "acks=<all>"`),
];

test('bars share a scale and begin at zero', () => {
  const html = runTableHtml(runs, strings.en);
  expect(html).toContain('<b>50</b> <small>(51,200)</small>');
  expect(html).toContain('width="50.00%"');
  expect(html).toContain('width="100.00%"');
});

test('what a learner typed is text, never markup', () => {
  const html = runTableHtml(runs, strings.en);
  expect(html).toContain('acks=&lt;all&gt;');
  expect(html).not.toContain('<all>');
});

test('the table speaks without its drawings', () => {
  const html = runTableHtml(runs, strings.zh);
  expect(html.match(/<th scope="col"/g)).toHaveLength(4);
  expect(html.match(/<svg aria-hidden="true">/g)).toHaveLength(4);
});

test('the copy is CSV with every figure', () => {
  expect(runsToCsv(runs).split('\n')[1]).toBe(
    '1,"kafka-producer-perf-test.sh --topic a --producer-props acks=0",100000,51200,50,5,20,4,8,9,10',
  );
});
