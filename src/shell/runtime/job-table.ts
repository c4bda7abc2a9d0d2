import type { ForegroundControl } from './foreground-control.ts';
import type { Task } from './task.ts';

export type JobState = 'running' | 'stopped' | 'done';

/** A pipeline that was started: in the background, or in the foreground and then stopped. */
export interface Job {
  readonly id: number;
  readonly text: string;
  readonly task: Task;
  readonly foreground: ForegroundControl;
  /** Its last status; never rejects. */
  readonly done: Promise<number>;
  pid: number;
  state: JobState;
  status: number;
  /** The learner has been told of its state. */
  isReported: boolean;
  /** `disown`ed or `nohup`: no SIGHUP at the end. */
  isDisowned: boolean;
}

/** More jobs than this at once are our bug or a fork bomb. */
export const jobsMax = 512;

export class JobTable {
  readonly #jobs = new Map<number, Job>();
  /** Ids of jobs in the order in which they became current. */
  #recent: number[] = [];

  get isFull(): boolean {
    return jobsMax <= this.#jobs.size;
  }

  add(parts: Pick<Job, 'text' | 'task' | 'foreground' | 'done' | 'pid'>): Job {
    const id = Math.max(0, ...this.#jobs.keys()) + 1;
    const job: Job = {
      ...parts,
      id,
      state: 'running',
      status: 0,
      isReported: false,
      isDisowned: false,
    };
    this.#jobs.set(id, job);
    this.touch(job);
    void job.done.then((status) => {
      job.state = 'done';
      job.status = status;
      job.isReported = false;
    });
    job.task.onStateChange((isStopped) => {
      if (job.state === 'done') return;
      job.state = isStopped ? 'stopped' : 'running';
    });
    return job;
  }

  touch(job: Job): void {
    this.#recent = [...this.#recent.filter((id) => id !== job.id), job.id];
  }

  list(): Job[] {
    return [...this.#jobs.values()];
  }

  remove(job: Job): void {
    this.#jobs.delete(job.id);
    this.#recent = this.#recent.filter((id) => id !== job.id);
  }

  /** `+` for the current job, `-` for the one before, else a blank. */
  mark(job: Job): string {
    const index = this.#recent.toReversed().indexOf(job.id);
    if (index === 0) return '+';
    return index === 1 ? '-' : ' ';
  }

  byPid(pid: number): Job | undefined {
    return this.list().find((job) => job.pid === pid);
  }

  /** `%1`, `%%`, `%+`, `%-`, `%name`, `%?text`; without the percent sign a number is an id too. */
  find(specification: string): Job | undefined {
    const text = specification.replace(/^%/, '');
    if (text === '' || text === '%' || text === '+') return this.#at(-1);
    if (text === '-') return this.#at(-2) ?? this.#at(-1);
    if (/^\d+$/.test(text)) return this.#jobs.get(Number(text));
    if (text.startsWith('?')) return this.list().find((job) => job.text.includes(text.slice(1)));
    return this.list().find((job) => job.text.startsWith(text));
  }

  #at(index: number): Job | undefined {
    const id = this.#recent.at(index);
    return id === undefined ? undefined : this.#jobs.get(id);
  }
}
