import {
  type CheckOptions,
  type CheckResult,
  type ExecResult,
  type LabReader,
  runChecks,
} from '../../course/check.ts';
import { parsePerfLine } from '../../course/perf-run.ts';
import { withFile } from '../../course/progress.ts';
import { type SolutionCommand, toSolutionCommand } from '../../course/solution.ts';
import type { BootOptions, Sandbox } from '../../runtime/provider.ts';
import { fill } from '../i18n/strings.ts';
import type { LessonContext } from '../islands/lesson-context.ts';
import { changeProgress, forgetProgress, readRestoration } from '../islands/progress-store.ts';
import { addRun, clearRuns } from '../islands/run-store.ts';
import { bootSandbox } from './boot.ts';
import type { EditorPanel } from './editor-panel.ts';
import { execIn } from './exec.ts';
import { FileKeeper } from './file-keeper.ts';
import { showNote } from './lab-note.ts';
import { connectOptions } from './lab-options.ts';
import { PanelToggles } from './panel-toggles.ts';
import { offerOlderWork, toOverlay } from './restore.ts';
import type { ExecOptions, RunningLab, TerminalCommand } from './running-lab.ts';
import { statusText } from './status.ts';
import { TerminalTabs } from './terminal-tabs.ts';

/** Boots machines and opens a terminal. Rejects when no provider can be had. */
export async function startLab(context: LessonContext): Promise<RunningLab> {
  const app = new LabApp(context);
  await app.boot();
  return app;
}

/** The running lab of one page: machines, terminals, editor, checks. */
class LabApp implements RunningLab {
  readonly terminals: TerminalTabs;
  readonly #context: LessonContext;
  readonly #work: HTMLElement;
  readonly #panels: PanelToggles;
  #sandbox: Sandbox | undefined;
  #editor: Promise<EditorPanel> | undefined;
  #keeper: FileKeeper | undefined;

  constructor(context: LessonContext) {
    this.#context = context;
    this.#work = requireElement('[data-work]');
    this.terminals = new TerminalTabs({
      text: context.text,
      machines: context.lesson.lab.machines,
      onRunLine: (line, command) => this.#keepRun(line, command),
      onEdit: (machine, path) => void this.openFile(machine, path),
    });
    this.#work.append(this.terminals.element);
    this.#panels = new PanelToggles(context, () => this.sandbox);
    connectOptions(this, context);
  }

  get sandbox(): Sandbox {
    if (this.#sandbox === undefined) throw new Error('the lab has not booted');
    return this.#sandbox;
  }

  get files(): Sandbox['files'] {
    return this.sandbox.files;
  }

  async boot(): Promise<void> {
    const { lesson, text } = this.#context;
    const restoration = await readRestoration(lesson);
    const saved = restoration.kind === 'current' ? restoration.progress.files : {};
    const options: BootOptions = {
      machines: lesson.lab.machines,
      files: toOverlay(lesson.files, saved),
      onProgress: (step) => setStatus(`${text.starting}: ${step}`),
    };
    const sandbox = await bootSandbox(lesson.lab.runtime, options);
    this.#sandbox = sandbox;
    setStatus(statusText(sandbox, text));
    requireElement('[data-idle]').hidden = true;
    this.#work.hidden = false;
    await this.terminals.attach(sandbox);
    await this.#prepare();
    this.#keeper = new FileKeeper(sandbox, (file) => this.#keepFile(file));
    if (Object.keys(saved).length > 0) {
      const when = new Date(restoration.kind === 'current' ? restoration.progress.savedAtMs : 0);
      showNote(this.#work, fill(text.restored, { when: when.toLocaleString(lesson.lang) }));
    }
    const fallback = sandbox.notices.find((notice) => notice.id === 'provider-fallback');
    if (fallback !== undefined) showNote(this.#work, fallback.text);
    if (restoration.kind === 'older') offerOlderWork(this.#work, restoration, this.#context, this);
    await this.#panels.attach();
    const [firstFile] = lesson.lab.editorFiles;
    if (firstFile !== undefined) await this.openFile(lesson.lab.machines[0] ?? '', firstFile);
  }

  /** Brings the fresh lab to where the lesson begins; what fails is said, and the lab stays usable. */
  async #prepare(): Promise<void> {
    const commands = this.#context.lesson.lab.start.map(toSolutionCommand);
    if (commands.length === 0) return;
    try {
      await this.#runAll(commands);
    } catch (error) {
      showNote(this.#work, error instanceof Error ? error.message : String(error));
    }
    this.terminals.select(this.#firstMachine);
  }

  exec(command: string, options: ExecOptions = {}): Promise<ExecResult> {
    const machine = options.machine ?? this.#firstMachine;
    return execIn(this.sandbox, command, { ...options, machine });
  }

  check(stepId: string, options: CheckOptions = {}): Promise<CheckResult> {
    const step = this.#step(stepId);
    const reader: LabReader = {
      exec: (command, options) => this.exec(command, options),
      readFile: async (machine, path) => {
        const bytes = await this.files
          .read(machine ?? this.#firstMachine, path)
          .catch(() => undefined);
        return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
      },
      nowMs: () => performance.now(),
      sleep: (delayMs) => new Promise((resolve) => setTimeout(resolve, delayMs)),
    };
    return runChecks(step.checks, reader, options);
  }

  /** Lays the solution's files over the machines and runs its commands where the learner sees them. */
  async solve(stepId: string): Promise<void> {
    const { solution } = this.#step(stepId);
    for (const [machine, files] of Object.entries(this.#context.lesson.solutionFiles)) {
      const targets = machine === '*' ? this.sandbox.machines : [machine];
      for (const target of targets) await this.#writeAll(target, files);
    }
    await this.#runAll(solution.map(toSolutionCommand));
  }

  /** Solves the steps before this one that the cluster does not show as done, such as after a reload. */
  async catchUp(stepId: string): Promise<void> {
    for (const { id } of this.#context.lesson.lab.steps) {
      if (id === stepId) return;
      if (!(await this.check(id, { isPatient: false })).passed) await this.solve(id);
    }
  }

  runInTerminal(command: TerminalCommand): void {
    document.dispatchEvent(new CustomEvent('lab:reveal'));
    this.terminals.run(command);
  }

  async openFile(machine: string, path: string): Promise<void> {
    document.dispatchEvent(new CustomEvent('lab:reveal'));
    this.#editor ??= this.#loadEditor();
    const editor = await this.#editor;
    await editor.open(machine, path);
  }

  /** A fresh lab: machines, files, progress and runs of this lesson. */
  async reset(): Promise<void> {
    const { lesson, text } = this.#context;
    await this.#stop();
    await forgetProgress(lesson.id);
    clearRuns(lesson.id);
    await this.boot();
    document.dispatchEvent(new CustomEvent('lab:progress'));
    showNote(this.#work, text.resetDone);
  }

  /** The same work on machines anew, such as under another provider. */
  async restart(): Promise<void> {
    await this.#stop();
    await this.boot();
  }

  async #stop(): Promise<void> {
    this.#keeper?.dispose();
    this.terminals.detach();
    await this.#panels.detach();
    (await this.#editor)?.close();
    await this.#sandbox?.dispose();
    this.#sandbox = undefined;
  }

  async #loadEditor(): Promise<EditorPanel> {
    const { EditorPanel } = await import('./editor-panel.ts');
    return new EditorPanel(this.#work, () => this.sandbox, this.#context.text);
  }

  async #runAll(commands: readonly SolutionCommand[]): Promise<void> {
    for (const { run, machine = this.#firstMachine, timeoutMs } of commands) {
      const code = await this.terminals.show({ machine, command: run, timeoutMs });
      if (code !== 0) {
        throw new Error(fill(this.#context.text.solutionFailed, { code, command: run }));
      }
    }
  }

  async #writeAll(machine: string, files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, content] of Object.entries(files)) {
      await this.files.write(machine, path, content);
    }
  }

  #step(stepId: string) {
    const { steps } = this.#context.lesson.lab;
    const step = steps.find((candidate) => candidate.id === stepId);
    if (step === undefined) {
      throw new Error(`no step ${stepId}; this lesson has ${steps.map(({ id }) => id).join(', ')}`);
    }
    return step;
  }

  get #firstMachine(): string {
    return this.#context.lesson.lab.machines[0] ?? '';
  }

  #keepRun(line: string, command: string): void {
    const run = parsePerfLine(line, command);
    if (run !== undefined) addRun(this.#context.lesson.id, run);
  }

  #keepFile(file: { machine: string; path: string; content: string }): void {
    void changeProgress(this.#context.lesson, (progress) => withFile(progress, file, Date.now()));
  }
}

function requireElement(selector: string): HTMLElement {
  const element = document.querySelector<HTMLElement>(`[data-lab-panel] ${selector}`);
  if (element === null) throw new Error(`the page has no ${selector} in its lab panel`);
  return element;
}

function setStatus(status: string): void {
  requireElement('[data-status]').textContent = status;
}
