/** An error as Node makes them: `code`, `errno`, `syscall`. */
export function systemError(
  code: string,
  syscall: string,
  detail: string,
  extra: object = {},
): Error & { code: string } {
  const error = new Error(`${syscall} ${code}${detail === '' ? '' : ` ${detail}`}`);
  return Object.assign(error, { code, errno: errorNumbers[code] ?? -1, syscall, ...extra });
}

const errorNumbers: Readonly<Record<string, number>> = {
  EPERM: -1,
  ENOENT: -2,
  EACCES: -13,
  EEXIST: -17,
  ENOTDIR: -20,
  EISDIR: -21,
  EPIPE: -32,
  ENOTEMPTY: -39,
  EADDRINUSE: -98,
  ECONNRESET: -104,
  ETIMEDOUT: -110,
  ECONNREFUSED: -111,
  ENOTFOUND: -3008,
};
