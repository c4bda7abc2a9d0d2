import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const userName = {
  name: 'UserName',
  fields: [{ name: 'name', type: 'string' }],
} as const satisfies StructSchema;
export type UserName = MessageOf<typeof userName>;

export const describeUserScramCredentialsRequest = {
  name: 'DescribeUserScramCredentialsRequest',
  apiKey: 50,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [{ name: 'users', type: [userName], nullable: '0+' }],
} as const satisfies MessageSchema;
export type DescribeUserScramCredentialsRequest = MessageOf<
  typeof describeUserScramCredentialsRequest
>;

const credentialInfo = {
  name: 'CredentialInfo',
  fields: [
    { name: 'mechanism', type: 'int8' },
    { name: 'iterations', type: 'int32' },
  ],
} as const satisfies StructSchema;
export type CredentialInfo = MessageOf<typeof credentialInfo>;

const describeUserScramCredentialsResult = {
  name: 'DescribeUserScramCredentialsResult',
  fields: [
    { name: 'user', type: 'string' },
    { name: 'errorCode', type: 'int16' },
    { name: 'errorMessage', type: 'string', nullable: '0+' },
    { name: 'credentialInfos', type: [credentialInfo] },
  ],
} as const satisfies StructSchema;
export type DescribeUserScramCredentialsResult = MessageOf<
  typeof describeUserScramCredentialsResult
>;

export const describeUserScramCredentialsResponse = {
  name: 'DescribeUserScramCredentialsResponse',
  apiKey: 50,
  versions: [0, 0],
  flexibleSince: 0,
  fields: [
    { name: 'throttleTimeMs', type: 'int32' },
    { name: 'errorCode', type: 'int16' },
    { name: 'errorMessage', type: 'string', nullable: '0+' },
    { name: 'results', type: [describeUserScramCredentialsResult] },
  ],
} as const satisfies MessageSchema;
export type DescribeUserScramCredentialsResponse = MessageOf<
  typeof describeUserScramCredentialsResponse
>;
