import { z } from 'zod';
import { toSolutionCommand } from './solution.ts';

/** How the output of a probe is judged. */
const expectationSchema = z.union([
  z
    .strictObject({ match: z.string().describe('A regular expression that the text must match.') })
    .describe('The text has the form that the step asks for.'),
  z
    .strictObject({
      sum: z
        .string()
        .describe('A regular expression; the first group of all its matches is summed.'),
      atLeast: z.number().optional(),
      atMost: z.number().optional(),
    })
    .describe('A number in the text lies within bounds.'),
]);

const commonCheck = {
  machine: z.string().optional().describe('Default: the lesson’s first machine.'),
  expect: expectationSchema,
  withinMs: z
    .int()
    .positive()
    .max(60_000)
    .optional()
    .describe('How long to look again until it passes: a cluster needs time to settle.'),
  says: z.string().describe('What the check expects, in the learner’s language.'),
};

/** A check reads the cluster (a command) or a file; it never trusts words alone. */
export const checkSchema = z.union([
  z.strictObject({
    exec: z.string().describe('A command line; its standard output is judged.'),
    timeoutMs: z.int().positive().max(120_000).optional(),
    ...commonCheck,
  }),
  z.strictObject({ file: z.string().startsWith('/'), ...commonCheck }),
]);

const solutionCommandSchema = z.strictObject({
  run: z.string(),
  machine: z.string().optional(),
  timeoutMs: z.int().positive().max(600_000).optional(),
});

export const stepSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/, 'a step id is lower-case words joined by hyphens'),
  title: z.string(),
  checks: z.array(checkSchema).min(1),
  hints: z.array(z.string()).max(5).default([]),
  /** What `Show me` runs, in order. */
  solution: z.array(z.union([z.string(), solutionCommandSchema])).min(1),
});

export const labSchema = z.strictObject({
  machines: z.array(z.string().regex(/^[a-z][a-z0-9-]*$/)).min(1),
  /** A folder of the part, `_presets/<name>/<machine>/…`, laid over the machines before the lesson’s own `_files`. */
  preset: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .optional(),
  /** Command lines that bring a fresh lab to where the lesson begins. */
  start: z.array(z.union([z.string(), solutionCommandSchema])).default([]),
  /** Shown in the editor when it opens first; absolute paths. */
  editorFiles: z.array(z.string().startsWith('/')).default([]),
  runtime: z.enum(['in-tab', 'webcontainer']).default('in-tab'),
  /** Panels that open with the lab: the cluster's state, the frames between processes. */
  panels: z.array(z.enum(['cluster', 'frames'])).default([]),
  steps: z.array(stepSchema).min(1),
});

/** TutorialKit's keys where it has them; ours under `lab`. */
export const lessonSchema = z.strictObject({
  type: z.literal('lesson').default('lesson'),
  title: z.string(),
  description: z.string(),
  minutes: z.int().positive(),
  lab: labSchema,
});

export const partSchema = z.strictObject({
  title: z.strictObject({ zh: z.string(), en: z.string() }),
  description: z.strictObject({ zh: z.string(), en: z.string() }),
});

export type Check = z.infer<typeof checkSchema>;
export type Expectation = z.infer<typeof expectationSchema>;
export type Step = z.infer<typeof stepSchema>;
export type LabSettings = z.infer<typeof labSchema>;
export type LessonFrontMatter = z.infer<typeof lessonSchema>;

export const languages = ['zh', 'en'] as const;
export type Language = (typeof languages)[number];

/**
 * What of a lesson must be the same in every language, and what saved work depends on: everything
 * but the words. Its serialized form is what the content hash is taken of.
 */
export function languageIndependentPart(lesson: LessonFrontMatter): unknown {
  const { lab } = lesson;
  return {
    machines: lab.machines,
    preset: lab.preset,
    start: lab.start.map(toSolutionCommand),
    editorFiles: lab.editorFiles,
    runtime: lab.runtime,
    steps: lab.steps.map((step) => ({
      id: step.id,
      checks: step.checks.map(({ says: _, ...check }) => check),
      solution: step.solution.map(toSolutionCommand),
    })),
  };
}
