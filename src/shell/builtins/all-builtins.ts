import type { Builtin } from './builtin.ts';
import { declare, exportVariables, local, readonlyVariables, unset } from './declare.ts';
import { cd, dirs, popd, pushd, pwd } from './directory.ts';
import {
  breakLoop,
  continueLoop,
  evaluate,
  exec,
  exit,
  failQuietly,
  letArithmetic,
  returnFrom,
  source,
  succeed,
} from './flow.ts';
import { bg, disown, fg, jobs, kill, wait } from './job-control.ts';
import { history, times, ulimit, umask } from './machine.ts';
import { alias, builtin, command, hash, type, unalias } from './names.ts';
import { getopts, set, shift, shopt } from './options.ts';
import { echo, printf } from './output.ts';
import { mapfile, read } from './read.ts';
import { bracket, test } from './test.ts';
import { trap } from './trap.ts';

export const allBuiltins: Readonly<Record<string, Builtin>> = {
  ':': succeed,
  '.': source,
  '[': bracket,
  alias,
  bg,
  break: breakLoop,
  builtin,
  cd,
  command,
  continue: continueLoop,
  declare,
  dirs,
  disown,
  echo,
  eval: evaluate,
  exec,
  exit,
  export: exportVariables,
  false: failQuietly,
  fg,
  getopts,
  hash,
  history,
  jobs,
  kill,
  let: letArithmetic,
  local,
  logout: exit,
  mapfile,
  popd,
  printf,
  pushd,
  pwd,
  read,
  readarray: mapfile,
  readonly: readonlyVariables,
  return: returnFrom,
  set,
  shift,
  shopt,
  source,
  test,
  times,
  trap,
  true: succeed,
  type,
  typeset: declare,
  ulimit,
  umask,
  unalias,
  unset,
  wait,
};
