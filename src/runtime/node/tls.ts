function noTls(): never {
  throw new Error(
    'The lab has no TLS: connect without `ssl`. (Bytes between the machines never leave this tab.)',
  );
}

/** `node:tls`: says why there is none. */
export const connect = noTls;
export const createServer = noTls;
export const createSecureContext = noTls;
export const TLSSocket = noTls;
