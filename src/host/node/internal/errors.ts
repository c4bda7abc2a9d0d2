import { FileError, type FileErrorCode } from '../../../base/file-system.ts';
import { NetworkError, type NetworkErrorCode } from '../../../base/network.ts';

const networkCodes: ReadonlySet<string> = new Set<NetworkErrorCode>([
  'EADDRINUSE',
  'EADDRNOTAVAIL',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'EACCES',
]);

const fileCodes: ReadonlySet<string> = new Set<FileErrorCode>([
  'EACCES',
  'EBUSY',
  'EEXIST',
  'EIO',
  'EISDIR',
  'ENOENT',
  'ENOSPC',
  'ENOTDIR',
  'ENOTEMPTY',
]);

export function toNetworkError(error: Error): NetworkError {
  const code = codeOf(error);
  const known = isNetworkCode(code) ? code : 'UNKNOWN';
  return new NetworkError(known, error.message, { cause: error });
}

/** Node's error as the port's; anything unknown is EIO, with the original as its cause. */
export function toFileError(error: unknown, path: string): FileError {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  return new FileError(isFileCode(code) ? code : 'EIO', path, message, { cause: error });
}

export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return String(error.code);
}

function isNetworkCode(code: string): code is NetworkErrorCode {
  return networkCodes.has(code);
}

function isFileCode(code: string): code is FileErrorCode {
  return fileCodes.has(code);
}
