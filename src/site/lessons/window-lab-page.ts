import type { Language } from '../../course/lesson.ts';

interface WindowLabPage {
  readonly intro: string;
  readonly paragraphs: readonly string[];
  readonly members: readonly { readonly code: string; readonly says: string }[];
  readonly index: string;
}

/** Signatures are written once; each language says what they do. */
const signatures = {
  ready: 'lab.ready: Promise<void>',
  start: 'lab.start(): Promise<void>',
  provider: "lab.provider: 'in-tab' | 'webcontainer'",
  machines: 'lab.machines: string[]',
  exec: 'lab.exec(command, {machine?, cwd?, env?, timeoutMs?}): Promise<{exitCode, stdout, stderr}>',
  type: 'lab.type(terminalId, text): Promise<void>',
  screen: 'lab.screen(terminalId): string',
  read: 'lab.files.read(machine, path): Promise<Uint8Array>',
  write: 'lab.files.write(machine, path, content): Promise<void>',
  kill: 'lab.kill(machine, pid, signal?): Promise<void>',
  cut: 'lab.network.cut(a, b, {oneWay?}), .isolate(machine), .heal(machine?, other?), .delay(a, b, delayMs, {oneWay?})',
  faults: 'lab.network.faults(): Promise<{from, to, isCut, delayMs}[]>',
  fetch: 'lab.fetch(machine, port, path, init?): Promise<Response>',
  check: 'lab.check(stepId, {isPatient?}): Promise<{passed, expected, found}>',
  solve: 'lab.solve(stepId): Promise<void>',
  catchUp: 'lab.catchUp(stepId): Promise<void>',
  reset: 'lab.reset(): Promise<void>',
} as const;

type Member = keyof typeof signatures;

function members(says: Readonly<Record<Member, string>>): WindowLabPage['members'] {
  return (Object.keys(signatures) as Member[]).map((member) => ({
    code: signatures[member],
    says: says[member],
  }));
}

export const windowLabPage: Readonly<Record<Language, WindowLabPage>> = {
  en: {
    intro:
      'Every lesson page has an object `window.lab`. With it a lesson’s author, a test, or a curious reader works the lab from the browser’s console.',
    paragraphs: [
      'The object is there as soon as the page is. What needs a running lab starts it first, so that `await lab.exec("hostname")` works on a page that was just opened.',
      'Terminals have the name of their machine: `worker1`. Further ones are numbered: `worker1-2`. What “Show me” runs appears in `worker1-shown`.',
    ],
    members: members({
      ready: 'Resolves once, when machines and terminals are up.',
      start: 'Does what the button does. A second call waits for the first.',
      provider: 'What the lab runs on.',
      machines: 'Host names of the lesson’s machines.',
      exec: 'Runs a command line in the lab’s shell, beside the terminals, on the first machine unless told otherwise. After `timeoutMs` (default 60,000) the process is killed and the exit code is 124.',
      type: 'Types into a terminal. A line feed is the Enter key.',
      screen: 'The text of a terminal, with what has scrolled out of sight.',
      read: 'The bytes of a file. Rejects when there is no such file.',
      write: 'Replaces a file; `content` is a string or bytes.',
      kill: 'Sends a signal, SIGTERM by default.',
      cut: 'Cuts the network between two machines (`oneWay`: only what `a` sends to `b` is lost), cuts one off from all others, restores all of it or a part, slows it down.',
      faults: 'The directions of the network that are cut or slow just now.',
      fetch: 'An HTTP request to a port of a machine.',
      check:
        'Checks a step against the cluster. A check that may take its time is repeated until it passes or the time is over; with `isPatient: false` it looks once.',
      solve: 'Runs the step’s solution, as “Show me” does. Rejects when a command of it fails.',
      catchUp: 'Solves those of the earlier steps that the cluster does not show as done.',
      reset: 'New machines; files, progress and recorded runs of this lesson are gone.',
    }),
    index:
      'An index of all lessons: `[{id, lang, part, url, title, steps: [{id, title}], machines}]`, one entry for each lesson and language.',
  },
  zh: {
    intro:
      '每个课程页面都有一个 `window.lab` 对象。课程作者、测试程序和好奇的读者可以用它在浏览器控制台里操作实验。',
    paragraphs: [
      '页面打开后这个对象就存在。需要实验环境的调用会先启动它，因此在刚打开的页面上就可以执行 `await lab.exec("hostname")`。',
      '终端以机器命名，例如 `worker1`；同一台机器上的其他终端带编号，例如 `worker1-2`。“演示”的输出在 `worker1-shown` 里。',
    ],
    members: members({
      ready: '机器和终端就绪时完成，只完成一次。',
      start: '与“启动实验”按钮相同。重复调用会等待第一次的结果。',
      provider: '实验运行在什么之上。',
      machines: '本课各台机器的主机名。',
      exec: '在实验的 shell 里执行一条命令，不占用终端；不指定机器时在第一台上执行。超过 `timeoutMs`（默认 60,000）时进程被终止，退出码为 124。',
      type: '在终端里输入文字，换行符相当于回车键。',
      screen: '终端里的文字，包括已经滚动出去的部分。',
      read: '文件的字节内容；文件不存在时失败。',
      write: '替换一个文件的内容，`content` 可以是字符串或字节。',
      kill: '向进程发送信号，默认为 SIGTERM。',
      cut: '切断两台机器之间的网络（`oneWay`：只丢弃 `a` 发往 `b` 的数据）、让一台机器与其他所有机器断开、恢复全部或一部分网络、给网络加上延迟。',
      faults: '此刻被切断或变慢的网络方向。',
      fetch: '向某台机器的端口发送 HTTP 请求。',
      check:
        '按集群的状态检查一个步骤。允许等待的检查会重复进行，直到通过或时间用完；`isPatient: false` 时只看一次。',
      solve: '执行该步骤的解答，与“演示”按钮相同；其中有命令失败时，调用失败。',
      catchUp: '对前面的步骤逐个检查，未完成的执行其解答。',
      reset: '换上全新的机器；本课的文件、进度和运行记录都会清除。',
    }),
    index:
      '全部课程的索引：`[{id, lang, part, url, title, steps: [{id, title}], machines}]`，每课每种语言一项。',
  },
};
