import { runWorkerProcess } from './process/process-worker.ts';

runWorkerProcess(new Map());
