import { connectCommands } from './commands.ts';
import { connectDivider } from './divider.ts';
import { LabHandle } from './lab-handle.ts';
import { readLessonContext } from './lesson-context.ts';
import { connectPanel } from './panel.ts';
import { connectCharts } from './run-charts.ts';
import { connectSteps } from './steps.ts';

const context = readLessonContext();
const lab = new LabHandle(context);
Object.assign(globalThis, { lab });

connectPanel(lab, context);
connectCommands(lab, context);
connectSteps(lab, context);
connectCharts(context);
connectDivider();
