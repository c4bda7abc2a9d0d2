import { JavaError } from '../tool.ts';

/** TopicCommand's IllegalArgumentException. */
export class TopicCommandError extends JavaError {
  constructor(message: string) {
    super('java.lang.IllegalArgumentException', message);
  }
}
