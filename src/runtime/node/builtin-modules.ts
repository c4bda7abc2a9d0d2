import * as buffer from 'buffer/';
import EventEmitter from 'events/';
import stream from 'readable-stream';
import { assert } from './assert.ts';
import * as childProcess from './child-process.ts';
import * as crypto from './crypto.ts';
import * as fs from './fs.ts';
import * as http from './http.ts';
import * as net from './net.ts';
import { theProcess } from './node-process.ts';
import * as os from './os.ts';
import * as path from './path.ts';
import * as readline from './readline.ts';
import {
  asyncHooks,
  dns,
  perfHooks,
  stringDecoder,
  tty,
  url,
  workerThreads,
} from './small-modules.ts';
import * as timers from './timers.ts';
import * as tls from './tls.ts';
import * as util from './util.ts';
import * as zlib from './zlib.ts';

/** What `require` gives for Node's own modules, by name without `node:`. */
export const builtinModules: ReadonlyMap<string, () => unknown> = new Map<string, () => unknown>([
  ['assert', () => assert],
  ['assert/strict', () => assert],
  ['async_hooks', () => asyncHooks],
  ['buffer', () => plain(buffer)],
  ['child_process', () => plain(childProcess)],
  ['crypto', () => plain(crypto)],
  ['dns', () => dns],
  ['dns/promises', () => dns.promises],
  ['events', () => EventEmitter],
  ['fs', () => plain(fs)],
  ['fs/promises', () => fs.promises],
  ['http', () => plain(http)],
  ['net', () => plain(net)],
  ['os', () => plain(os)],
  ['path', () => plain({ ...path, posix: path })],
  ['path/posix', () => plain(path)],
  ['perf_hooks', () => perfHooks],
  ['process', () => theProcess()],
  ['readline', () => plain(readline)],
  ['readline/promises', () => readline.promises],
  ['stream', () => stream],
  ['stream/promises', () => (stream as { promises?: unknown }).promises],
  ['string_decoder', () => stringDecoder],
  ['timers', () => plain(timers)],
  ['timers/promises', () => timers.promises],
  ['tls', () => plain(tls)],
  ['tty', () => tty],
  ['url', () => url],
  ['util', () => plain(util)],
  ['worker_threads', () => workerThreads],
  ['zlib', () => plain(zlib)],
]);

/** A module as an ordinary object, so that programs may change it as they may in Node. */
function plain(module: object): object {
  return { ...module };
}
