import type { MessageOf, MessageSchema, StructSchema } from '../schema.ts';

const deleteTopicState = {
  name: 'DeleteTopicState',
  fields: [
    { name: 'name', type: 'string', versions: '6+', nullable: '6+', default: null },
    { name: 'topicId', type: 'uuid', versions: '6+' },
  ],
} as const satisfies StructSchema;
export type DeleteTopicState = MessageOf<typeof deleteTopicState>;

export const deleteTopicsRequest = {
  name: 'DeleteTopicsRequest',
  apiKey: 20,
  versions: [0, 6],
  flexibleSince: 4,
  fields: [
    { name: 'topics', type: [deleteTopicState], versions: '6+' },
    { name: 'topicNames', type: ['string'], versions: '0-5', ignorable: true },
    { name: 'timeoutMs', type: 'int32' },
  ],
} as const satisfies MessageSchema;
export type DeleteTopicsRequest = MessageOf<typeof deleteTopicsRequest>;

const deletableTopicResult = {
  name: 'DeletableTopicResult',
  fields: [
    { name: 'name', type: 'string', nullable: '6+' },
    { name: 'topicId', type: 'uuid', versions: '6+', ignorable: true },
    { name: 'errorCode', type: 'int16' },
    {
      name: 'errorMessage',
      type: 'string',
      versions: '5+',
      nullable: '5+',
      default: null,
      ignorable: true,
    },
  ],
} as const satisfies StructSchema;
export type DeletableTopicResult = MessageOf<typeof deletableTopicResult>;

export const deleteTopicsResponse = {
  name: 'DeleteTopicsResponse',
  apiKey: 20,
  versions: [0, 6],
  flexibleSince: 4,
  fields: [
    { name: 'throttleTimeMs', type: 'int32', versions: '1+', ignorable: true },
    { name: 'responses', type: [deletableTopicResult] },
  ],
} as const satisfies MessageSchema;
export type DeleteTopicsResponse = MessageOf<typeof deleteTopicsResponse>;
