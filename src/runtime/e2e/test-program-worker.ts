import { runWorkerProcess } from '../process/process-worker.ts';
import { programs } from '../programs.ts';
import { testPrograms } from './test-programs.ts';

runWorkerProcess(new Map([...programs, ...testPrograms]));
