/** A node cannot start, or cannot go on starting; classes and messages are Kafka's, and so is the chain of causes. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
  readonly javaName: string;

  constructor(message: string, javaName = 'java.lang.RuntimeException', cause?: StartupError) {
    super(message, cause === undefined ? undefined : { cause });
    this.javaName = javaName;
  }
}

/** It was the controller's part that could not start: for Kafka that is a fault that ends the process. */
export class ControllerStartupError extends StartupError {
  constructor({ message, javaName, cause }: StartupError) {
    super(message, javaName, cause instanceof StartupError ? cause : undefined);
  }
}
