import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from './project-root.ts';

interface PackageFile {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const document = readFileSync(join(projectRoot, 'docs', 'DEPENDENCIES.md'), 'utf8');
const packages = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as PackageFile;

/** The first column of a section's table; `@scope/*` stands for all of a scope. */
function namesIn(heading: string): readonly string[] {
  const [, section = ''] = document.split(`## ${heading}\n`);
  const [table = ''] = section.split('\n## ');
  return table
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .flatMap((line) => (line.split('|')[1] ?? '').trim().split(', '))
    .filter((name) => name !== 'package');
}

test.each([
  ['In the product', packages.dependencies],
  ['For development', packages.devDependencies],
])('docs/DEPENDENCIES.md names every package of "%s" and no other', (heading, installed) => {
  const names = namesIn(heading);
  const stars = names.filter((name) => name.endsWith('/*')).map((name) => name.slice(0, -1));
  const own = Object.keys(installed).filter(
    (name) => !stars.some((scope) => name.startsWith(scope)),
  );
  expect(names.filter((name) => !name.endsWith('/*')).toSorted()).toEqual(own.toSorted());
});
