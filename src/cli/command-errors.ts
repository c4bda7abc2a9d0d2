import { JavaError } from './tool.ts';

/** What a tool was told cannot be done. */
export function commandFailed(message: string, cause?: unknown): JavaError {
  const javaName = 'org.apache.kafka.server.common.AdminCommandFailedException';
  return new JavaError(javaName, message, { cause });
}

/** What a tool was told cannot be understood. */
export function operationFailed(message: string): JavaError {
  return new JavaError('org.apache.kafka.server.common.AdminOperationException', message);
}
