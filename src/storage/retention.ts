import type { LogConfig } from './log-config.ts';
import type { LogSegment } from './log-segment.ts';

export interface RetentionState {
  readonly segments: readonly LogSegment[];
  readonly highWatermark: number;
  readonly logEndOffset: number;
}

/**
 * How many segments from the oldest on may go by `retention.ms` and `retention.bytes` (UnifiedLog.deleteOldSegments).
 * Nothing above the high watermark goes. When it is all of them, the caller rolls first.
 */
export function expiredSegmentCount(
  state: RetentionState,
  config: LogConfig,
  nowMs: number,
): number {
  const { segments } = state;
  let count = 0;
  let excessBytes = excessOf(segments, config.retentionBytes);
  for (const [i, segment] of segments.entries()) {
    const nextBase = segments[i + 1]?.baseOffset ?? state.logEndOffset;
    if (segment.sizeBytes === 0 || state.highWatermark < nextBase) break;
    const isTooOld =
      0 <= config.retentionMs && config.retentionMs < nowMs - segment.largestTimestamp;
    const isTooMuch = segment.sizeBytes <= excessBytes;
    if (!isTooOld && !isTooMuch) break;
    excessBytes -= segment.sizeBytes;
    count++;
  }
  return count;
}

function excessOf(segments: readonly LogSegment[], retentionBytes: number): number {
  if (retentionBytes < 0) return -1;
  let sizeBytes = 0;
  for (const segment of segments) sizeBytes += segment.sizeBytes;
  return sizeBytes - retentionBytes;
}
