import { errorCodeOf } from '../../protocol/error-codes.ts';
import type { MessageInput } from '../../protocol/schema.ts';
import {
  type InitProducerIdRequest,
  initProducerIdRequest,
  initProducerIdResponse,
} from '../../protocol/schemas/22-init-producer-id.ts';
import type { RequestContext } from '../request-context.ts';
import { route } from '../route.ts';

/**
 * InitProducerId (22), v0-5
 *
 * Gives an idempotent producer its id (KIP-98).
 *
 * - v3 (KIP-360): the request may carry the present id and epoch; without a transactional id they do not matter.
 * Not implemented: transactional ids. They are refused with INVALID_REQUEST.
 */
export const initProducerIdRoute = route({
  request: initProducerIdRequest,
  response: initProducerIdResponse,
  handle: handleInitProducerId,
});

async function handleInitProducerId(
  { broker }: RequestContext,
  { transactionalId }: InitProducerIdRequest,
): Promise<MessageInput<typeof initProducerIdResponse>> {
  const failed = { producerId: -1, producerEpoch: -1 };
  if (transactionalId !== null) {
    broker.logger.log(
      'WARN',
      'kafka.server.KafkaApis',
      `Transactional id ${transactionalId} is refused: this broker does not implement transactions yet`,
    );
    return { ...failed, errorCode: errorCodeOf('INVALID_REQUEST') };
  }
  const producerId = await broker.producerIds.next();
  if (typeof producerId === 'string') return { ...failed, errorCode: errorCodeOf(producerId) };
  return { errorCode: 0, producerId, producerEpoch: 0 };
}
