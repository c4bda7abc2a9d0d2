import { expect, test } from 'vitest';
import { joinChunks } from './byte-writer.ts';
import { DecodeError } from './errors.ts';
import { FrameError, FrameSplitter } from './frame-splitter.ts';
import {
  correlationIdOf,
  decodeRequestBody,
  decodeRequestHeader,
  decodeResponse,
  encodeRequest,
  encodeResponse,
} from './frames.ts';
import { produceRequest } from './schemas/00-produce.ts';
import { metadataRequest, metadataResponse } from './schemas/03-metadata.ts';
import { controlledShutdownRequest } from './schemas/07-controlled-shutdown.ts';
import { apiVersionsRequest, apiVersionsResponse } from './schemas/18-api-versions.ts';

const ascii = (text: string) => new TextEncoder().encode(text);

test.for([0, 3, 8, 9, 11])(
  'a Produce request of version %i comes back with its header',
  (apiVersion) => {
    const records = new Uint8Array(5000).fill(7);
    const topicData = [{ name: 't', partitionData: [{ index: 3, records }] }];
    const chunks = encodeRequest(
      produceRequest,
      { apiVersion, correlationId: 42, clientId: 'perf' },
      { acks: -1, timeoutMs: 30000, topicData },
    );
    expect(chunks).toContain(records);

    const [frame, ...rest] = new FrameSplitter().push(joinChunks(chunks));
    expect(rest).toEqual([]);
    const header = decodeRequestHeader(frame!);
    expect(header).toMatchObject({ apiKey: 0, apiVersion, correlationId: 42, clientId: 'perf' });
    const request = decodeRequestBody(produceRequest, header, frame!);
    expect(request).toMatchObject({ acks: -1, transactionalId: null, topicData });
  },
);

test('a response comes back, and its correlation id can be read before its schema is known', () => {
  const chunks = encodeResponse(
    metadataResponse,
    { apiVersion: 12, correlationId: 9 },
    { controllerId: 1, brokers: [{ nodeId: 1, host: 'worker1', port: 9092 }] },
  );
  const frame = joinChunks(chunks).subarray(4);
  expect(correlationIdOf(frame)).toBe(9);
  const response = decodeResponse(metadataResponse, 12, frame);
  expect(response.brokers).toEqual([{ nodeId: 1, host: 'worker1', port: 9092, rack: null }]);
});

test('an ApiVersions response has the old header even in flexible versions', () => {
  const chunks = encodeResponse(apiVersionsResponse, { apiVersion: 3, correlationId: 1 }, {});
  // correlation id, error code, empty array, throttle time, no tagged fields
  expect([...joinChunks(chunks).subarray(4)]).toEqual([0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0]);
});

test('the header of an ApiVersions request can be read in a version that does not exist yet', () => {
  const frame = joinChunks(
    encodeRequest(apiVersionsRequest, { apiVersion: 4, correlationId: 5, clientId: 'new' }, {}),
  ).subarray(4);
  frame[3] = 99;
  expect(decodeRequestHeader(frame)).toMatchObject({
    apiVersion: 99,
    correlationId: 5,
    clientId: 'new',
  });
  expect(() => decodeRequestBody(apiVersionsRequest, decodeRequestHeader(frame), frame)).toThrow(
    'ApiVersionsRequest has no version 99',
  );
});

test('a ControlledShutdown request of version 0 has no client id', () => {
  const header = { apiVersion: 0, correlationId: 5, clientId: 'x' };
  const frame = joinChunks(encodeRequest(controlledShutdownRequest, header, { brokerId: 1 }));
  expect(frame.byteLength).toBe(4 + 8 + 4);
  expect(decodeRequestHeader(frame.subarray(4)).clientId).toBe('');
});

test('an unknown API key is a DecodeError', () => {
  expect(() => decodeRequestHeader(new Uint8Array(20).fill(1))).toThrow(DecodeError);
});

test('frames are found wherever the stream is cut', () => {
  const stream = joinChunks([
    ...encodeRequest(metadataRequest, { apiVersion: 12, correlationId: 1, clientId: null }, {}),
    new Uint8Array(4),
    ...encodeRequest(metadataRequest, { apiVersion: 1, correlationId: 2, clientId: 'b' }, {}),
  ]);
  const whole = new FrameSplitter().push(stream);
  expect(whole.map((frame) => frame.byteLength)).toEqual([
    stream.byteLength - 12 - whole[2]!.byteLength,
    0,
    whole[2]!.byteLength,
  ]);
  for (let size = 1; size < stream.byteLength; size++) {
    const splitter = new FrameSplitter();
    const frames: Uint8Array[] = [];
    for (let i = 0; i < stream.byteLength; i += size) {
      frames.push(...splitter.push(stream.subarray(i, i + size)));
    }
    expect(frames).toEqual(whole);
    expect(splitter.isBetweenFrames).toBe(true);
  }
});

test('a frame that lies within one chunk is a view of it', () => {
  const chunk = Uint8Array.of(0, 0, 0, 2, 8, 9);
  expect(new FrameSplitter().push(chunk)[0]!.buffer).toBe(chunk.buffer);
});

test.for([
  ['GET / HTTP/1.1', 'http'],
  ['POST /', 'http'],
  ['HEAD /', 'http'],
  ['\u007f\u007f\u007f\u007f', 'too-large'],
] as const)('a stream that begins %j is refused as %s', ([text, kind]) => {
  const error = catchError(() => new FrameSplitter().push(ascii(text)));
  expect(error).toBeInstanceOf(FrameError);
  expect(error).toMatchObject({ kind });
});

test('a negative size is refused', () => {
  const push = () => new FrameSplitter().push(Uint8Array.of(255, 255, 255, 255));
  expect(push).toThrow('frame size -1 is negative');
});

function catchError(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}
