import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const scramCredentialDeletion = {
  name: 'ScramCredentialDeletion',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'mechanism', type: 'int8' },
  ],
} as const satisfies StructSchema;
export type ScramCredentialDeletion = MessageOf<typeof scramCredentialDeletion>;

const scramCredentialUpsertion = {
  name: 'ScramCredentialUpsertion',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'mechanism', type: 'int8' },
    { name: 'iterations', type: 'int32' },
    { name: 'salt', type: 'bytes' },
    { name: 'saltedPassword', type: 'bytes' },
  ],
} as const satisfies StructSchema;
export type ScramCredentialUpsertion = MessageOf<typeof scramCredentialUpsertion>;

export const alterUserScramCredentialsRequest = {
  name: 'AlterUserScramCredentialsRequest',
  apiKey: 51,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'deletions', type: [scramCredentialDeletion] },
    { name: 'upsertions', type: [scramCredentialUpsertion] },
  ],
} as const satisfies MessageSchema;
export type AlterUserScramCredentialsRequest = MessageOf<typeof alterUserScramCredentialsRequest>;

const alterUserScramCredentialsResult = {
  name: 'AlterUserScramCredentialsResult',
  fields: [
    { name: 'user', type: 'string' },
    { name: 'errorCode', type: 'int16' },
    { name: 'errorMessage', type: 'string', nullable: '0+' },
  ],
} as const satisfies StructSchema;
export type AlterUserScramCredentialsResult = MessageOf<typeof alterUserScramCredentialsResult>;

export const alterUserScramCredentialsResponse = {
  name: 'AlterUserScramCredentialsResponse',
  apiKey: 51,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'results', type: [alterUserScramCredentialsResult] },
  ],
} as const satisfies MessageSchema;
export type AlterUserScramCredentialsResponse = MessageOf<typeof alterUserScramCredentialsResponse>;
