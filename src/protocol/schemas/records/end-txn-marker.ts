import type { MessageOf, MessageSchema } from '../../schema.ts';

export const endTxnMarker = {
  name: 'EndTxnMarker',
  versions: [0, 0],
  fields: [{ name: 'coordinatorEpoch', type: 'int32' }],
} as const satisfies MessageSchema;
export type EndTxnMarker = MessageOf<typeof endTxnMarker>;
