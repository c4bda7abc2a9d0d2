import { runWorkerProcess } from '../process/process-worker.ts';
import { testPrograms } from './test-programs.ts';

runWorkerProcess(testPrograms);
