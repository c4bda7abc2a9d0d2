import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** The table that `npm run bench` writes into `bench/results.json` for the lesson. */
const benchTableSchema = z.object({
  title: z.string(),
  columns: z.array(z.string()),
  rows: z.array(z.object({ name: z.string(), cells: z.array(z.string()) })),
  note: z.string(),
});
const benchSchema = z.object({ lessonTable: benchTableSchema.optional() });

export type BenchTable = z.infer<typeof benchTableSchema>;

/** undefined where no benchmark has been recorded. */
export async function readBench(path = 'bench/results.json'): Promise<BenchTable | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  return benchSchema.parse(JSON.parse(text)).lessonTable;
}
