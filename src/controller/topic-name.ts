const NAME_LENGTH_MAX = 249;
const legalName = /^[a-zA-Z0-9._-]+$/;

/** What is wrong with a topic's name, in Kafka's words (`Topic.validate`), or undefined. */
export function topicNameProblem(name: string): string | undefined {
  const problem = namePartProblem(name);
  return problem === undefined ? undefined : `Topic name is invalid: ${problem}`;
}

function namePartProblem(name: string): string | undefined {
  if (name === '') return 'the empty string is not allowed';
  if (name === '.') return "'.' is not allowed";
  if (name === '..') return "'..' is not allowed";
  if (NAME_LENGTH_MAX < name.length) {
    return `the length of '${name}' is longer than the max allowed length ${NAME_LENGTH_MAX}`;
  }
  if (!legalName.test(name)) {
    return `'${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`;
  }
  return undefined;
}

/** Metrics print `.` as `_`: names that differ only in these collide (`Topic.unifyCollisionChars`). */
export function collisionKey(name: string): string | undefined {
  return /[._]/.test(name) ? name.replaceAll('.', '_') : undefined;
}
