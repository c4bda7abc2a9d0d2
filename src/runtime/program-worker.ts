import { runWorkerProcess } from './process/process-worker.ts';
import { programs } from './programs.ts';

runWorkerProcess(programs);
