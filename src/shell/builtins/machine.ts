import { type Builtin, fail, print } from './builtin.ts';

export const umask: Builtin = async (call) => {
  const { env, args } = call;
  const [value] = args.filter((arg) => arg !== '-p');
  if (value === '-S') {
    const letters = [6, 3, 0].map((shift) => {
      const bits = ~(env.umask >> shift) & 7;
      return `${bits & 4 ? 'r' : ''}${bits & 2 ? 'w' : ''}${bits & 1 ? 'x' : ''}`;
    });
    return await print(call, `u=${letters[0]},g=${letters[1]},o=${letters[2]}\n`);
  }
  if (value === undefined) return print(call, `${env.umask.toString(8).padStart(4, '0')}\n`);
  if (!/^[0-7]{1,4}$/.test(value)) return fail(call, `${value}: octal number out of range`);
  env.umask = Number.parseInt(value, 8) & 0o777;
  return 0;
};

/** Simplified: a lab machine has no limits to set; the usual questions are answered. */
export const ulimit: Builtin = (call) => {
  const [flag = '-f', value] = call.args;
  if (value !== undefined) return 0;
  if (flag === '-a')
    return print(
      call,
      'open files                          (-n) 100000\nstack size              (kbytes, -s) 8192\nmax user processes                  (-u) 512\n',
    );
  const limits: Readonly<Record<string, string>> = {
    '-n': '100000',
    '-Hn': '100000',
    '-Sn': '100000',
    '-u': '512',
    '-s': '8192',
  };
  return print(call, `${limits[flag] ?? 'unlimited'}\n`);
};

export const times: Builtin = (call) => print(call, '0m0.000s 0m0.000s\n0m0.000s 0m0.000s\n');

export const history: Builtin = async (call) => {
  const { env, args } = call;
  const entries = env.session.history;
  const [first] = args;
  if (first === '-c') {
    entries.length = 0;
    return 0;
  }
  if (first === '-d') {
    entries.splice(Number(args[1]) - 1, 1);
    return 0;
  }
  if (first !== undefined && !/^\d+$/.test(first))
    return /^-[awrn]$/.test(first) ? 0 : fail(call, `${first}: invalid option`, 2);
  const start = first === undefined ? 0 : Math.max(0, entries.length - Number(first));
  const lines = entries
    .slice(start)
    .map((line, index) => `${String(start + index + 1).padStart(5)}  ${line}\n`);
  return await print(call, lines.join(''));
};
