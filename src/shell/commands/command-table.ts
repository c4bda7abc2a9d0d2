import type { Command } from '../command.ts';
import type { CommandTable } from '../runtime/executables.ts';
import { cat } from './cat.ts';
import { cp, mv } from './copy.ts';
import { head } from './head.ts';
import { ls } from './ls.ts';
import { chmod, mkdir, touch } from './make.ts';
import { rm, rmdir } from './remove.ts';
import { bash, nohup, timeout } from './run-others.ts';
import {
  basename,
  clear,
  date,
  dirname,
  env,
  hostname,
  id,
  nproc,
  printenv,
  realpath,
  seq,
  sleep,
  uname,
  which,
  whoami,
  yes,
} from './small.ts';
import { tail } from './tail.ts';
import { wc } from './wc.ts';

/** In daily use: there at once. The first prompt waits for these. */
const ready: Readonly<Record<string, Command>> = {
  basename,
  bash,
  cat,
  chmod,
  clear,
  cp,
  date,
  dirname,
  env,
  head,
  hostname,
  id,
  ls,
  mkdir,
  mv,
  nohup,
  nproc,
  printenv,
  realpath,
  readlink: realpath,
  rm,
  rmdir,
  seq,
  sh: bash,
  sleep,
  tail,
  timeout,
  touch,
  uname,
  wc,
  which,
  whoami,
  yes,
};

/** Loaded when they are first used: a chunk of its own each. */
const loaded: Readonly<Record<string, () => Promise<Command>>> = {
  egrep: () => import('./grep.ts').then((module) => module.grep),
  fgrep: () => import('./grep.ts').then((module) => module.grep),
  grep: () => import('./grep.ts').then((module) => module.grep),
  cut: () => import('./text-filters.ts').then((module) => module.cut),
  nl: () => import('./text-filters.ts').then((module) => module.nl),
  paste: () => import('./text-filters.ts').then((module) => module.paste),
  rev: () => import('./text-filters.ts').then((module) => module.rev),
  tac: () => import('./text-filters.ts').then((module) => module.tac),
  tee: () => import('./text-filters.ts').then((module) => module.tee),
  uniq: () => import('./text-filters.ts').then((module) => module.uniq),
  killall: () => import('./processes.ts').then((module) => module.pkill),
  pgrep: () => import('./processes.ts').then((module) => module.pgrep),
  pkill: () => import('./processes.ts').then((module) => module.pkill),
  ps: () => import('./processes.ts').then((module) => module.ps),
  tr: () => import('./tr.ts').then((module) => module.tr),
  scp: () => import('./remote.ts').then((module) => module.scp),
  ssh: () => import('./remote.ts').then((module) => module.ssh),
  curl: () => import('./network-tools.ts').then((module) => module.curl),
  nc: () => import('./network-tools.ts').then((module) => module.nc),
  ping: () => import('./network-tools.ts').then((module) => module.ping),
  less: () => import('./screen-tools.ts').then((module) => module.less),
  more: () => import('./screen-tools.ts').then((module) => module.less),
  nano: () => import('./screen-tools.ts').then((module) => module.edit),
  top: () => import('./screen-tools.ts').then((module) => module.top),
  vi: () => import('./screen-tools.ts').then((module) => module.edit),
  vim: () => import('./screen-tools.ts').then((module) => module.edit),
  watch: () => import('./screen-tools.ts').then((module) => module.watch),
  df: () => import('./disk-tools.ts').then((module) => module.df),
  du: () => import('./disk-tools.ts').then((module) => module.du),
  file: () => import('./disk-tools.ts').then((module) => module.file),
  free: () => import('./disk-tools.ts').then((module) => module.free),
  stat: () => import('./disk-tools.ts').then((module) => module.stat),
  uptime: () => import('./disk-tools.ts').then((module) => module.uptime),
  awk: () => import('./awk/awk.ts').then((module) => module.awk),
  gawk: () => import('./awk/awk.ts').then((module) => module.awk),
  base64: () => import('./encode-tools.ts').then((module) => module.base64),
  expr: () => import('./encode-tools.ts').then((module) => module.expr),
  hexdump: () => import('./encode-tools.ts').then((module) => module.hexdump),
  od: () => import('./encode-tools.ts').then((module) => module.od),
  sha256sum: () => import('./encode-tools.ts').then((module) => module.sha256sum),
  xxd: () => import('./encode-tools.ts').then((module) => module.xxd),
  cmp: () => import('./compare-tools.ts').then((module) => module.cmp),
  column: () => import('./compare-tools.ts').then((module) => module.column),
  diff: () => import('./compare-tools.ts').then((module) => module.diff),
  man: () => import('./man.ts').then((module) => module.man),
  gunzip: () => import('./tar.ts').then((module) => module.gzip),
  gzip: () => import('./tar.ts').then((module) => module.gzip),
  tar: () => import('./tar.ts').then((module) => module.tar),
  zcat: () => import('./tar.ts').then((module) => module.gzip),
  find: () => import('./find.ts').then((module) => module.find),
  xargs: () => import('./xargs.ts').then((module) => module.xargs),
  sort: () => import('./sort.ts').then((module) => module.sort),
  sed: () => import('./sed/sed.ts').then((module) => module.sed),
};

/** The shell's own commands: those in daily use are there at once, the others load when first used. */
export const commandTable: CommandTable = new Map<
  string,
  Command | { load: () => Promise<Command> }
>([
  ...Object.entries(ready),
  ...Object.entries(loaded).map(([name, load]) => [name, { load }] as const),
]);
