import type { Check, Expectation } from './lesson.ts';

export interface CheckResult {
  readonly passed: boolean;
  /** In the learner's language, as the lesson says it. */
  readonly expected: string;
  /** What the cluster answered: the decisive lines, never a judgement. */
  readonly found: string;
}

export interface CheckOptions {
  /** False: one look only, whatever time the check may take. */
  readonly isPatient?: boolean;
}

/** How a check reads the lab. */
export interface LabReader {
  exec(
    command: string,
    options: { machine: string | undefined; timeoutMs: number },
  ): Promise<ExecResult>;
  /** undefined where there is no such file. */
  readFile(machine: string | undefined, path: string): Promise<string | undefined>;
  nowMs(): number;
  sleep(delayMs: number): Promise<void>;
}

export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs checks in order and stops at the first that fails: later ones depend on earlier ones. */
export async function runChecks(
  checks: readonly Check[],
  reader: LabReader,
  options: CheckOptions = {},
): Promise<CheckResult> {
  const found: string[] = [];
  for (const check of checks) {
    const patienceMs = options.isPatient === false ? 0 : (check.withinMs ?? 0);
    const result = await runPatiently(check, reader, patienceMs);
    if (!result.passed) return result;
    found.push(result.found);
  }
  const expected = checks.map((check) => check.says).join(' ');
  return { passed: true, expected, found: [...new Set(found)].join('\n') };
}

const againAfterMs = 500;

/** Looks again while the cluster may still be settling; the last look counts. */
async function runPatiently(
  check: Check,
  reader: LabReader,
  patienceMs: number,
): Promise<CheckResult> {
  const deadlineMs = reader.nowMs() + patienceMs;
  for (;;) {
    const result = await runCheck(check, reader);
    if (result.passed || deadlineMs <= reader.nowMs()) return result;
    await reader.sleep(againAfterMs);
  }
}

async function runCheck(check: Check, reader: LabReader): Promise<CheckResult> {
  const expected = check.says;
  if ('file' in check) {
    const text = await reader.readFile(check.machine, check.file);
    if (text === undefined) return { passed: false, expected, found: `${check.file}: ENOENT` };
    return { expected, ...judge(check.expect, text, decisiveLine(text) || `${check.file}: 0 B`) };
  }
  const { machine, timeoutMs = probeTimeoutMsDefault } = check;
  const result = await reader.exec(check.exec, { machine, timeoutMs });
  const otherwise =
    decisiveLine(result.stdout) || decisiveLine(result.stderr) || `exit code ${result.exitCode}`;
  return { expected, ...judge(check.expect, result.stdout, otherwise) };
}

/** A tool that finds no broker tries for a minute; a learner should hear sooner. */
const probeTimeoutMsDefault = 15_000;

type Judgement = Pick<CheckResult, 'passed' | 'found'>;

/** `otherwise` is what was found when nothing in the text is to the point. */
function judge(expect: Expectation, text: string, otherwise: string): Judgement {
  if ('match' in expect) {
    const match = new RegExp(expect.match, 'm').exec(text);
    if (match === null) return { passed: false, found: otherwise };
    return { passed: true, found: lineAt(text, match.index) };
  }
  const values = [...text.matchAll(new RegExp(expect.sum, 'gm'))].map((match) => Number(match[1]));
  if (values.length === 0) return { passed: false, found: otherwise };
  const sum = values.reduce((total, value) => total + value, 0);
  const isEnough = (expect.atLeast ?? Number.NEGATIVE_INFINITY) <= sum;
  const isWithin = sum <= (expect.atMost ?? Number.POSITIVE_INFINITY);
  return { passed: isEnough && isWithin, found: String(sum) };
}

const lineLengthMax = 240;

function lineAt(text: string, index: number): string {
  const start = text.lastIndexOf('\n', index - 1) + 1;
  const end = text.indexOf('\n', index);
  return shorten(text.slice(start, end === -1 ? undefined : end));
}

/** A tool says last what went wrong. */
function decisiveLine(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return shorten(lines.at(-1) ?? '');
}

function shorten(line: string): string {
  const words = line.trim().replaceAll(/\s+/g, ' ');
  return words.length <= lineLengthMax ? words : `${words.slice(0, lineLengthMax)}…`;
}
