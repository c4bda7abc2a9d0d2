import { FileError, type FileErrorCode } from '../base/file-system.ts';
import { NetworkError, type NetworkErrorCode } from '../base/network.ts';

const fileMessages: Readonly<Record<FileErrorCode, string>> = {
  EACCES: 'Permission denied',
  EBUSY: 'Device or resource busy',
  EEXIST: 'File exists',
  EIO: 'Input/output error',
  EISDIR: 'Is a directory',
  ENOENT: 'No such file or directory',
  ENOSPC: 'No space left on device',
  ENOTDIR: 'Not a directory',
  ENOTEMPTY: 'Directory not empty',
};

const networkMessages: Readonly<Partial<Record<NetworkErrorCode, string>>> = {
  EADDRINUSE: 'Address already in use',
  ECONNREFUSED: 'Connection refused',
  ECONNRESET: 'Connection reset by peer',
  EHOSTUNREACH: 'No route to host',
  ENOTFOUND: 'Name or service not known',
  EPIPE: 'Broken pipe',
  ETIMEDOUT: 'Connection timed out',
};

/** What the C library says about an error of a port; undefined for anything else. */
export function errorMessage(error: unknown): string | undefined {
  if (error instanceof FileError) return fileMessages[error.code];
  if (error instanceof NetworkError) return networkMessages[error.code] ?? error.message;
  return undefined;
}
