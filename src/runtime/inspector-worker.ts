/// <reference lib="webworker" />
import { FrameInspector } from './inspector/frame-inspector.ts';
import { wrapPort } from './port.ts';

/** The worker that keeps and decodes frames while the inspector is open. Its first message is the page's port. */
self.onmessage = (event: MessageEvent<MessagePort>) => {
  new FrameInspector(wrapPort(event.data), (delayMs, task) => void setTimeout(task, delayMs));
};
