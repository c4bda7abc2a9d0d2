import type { Container } from './container-api.ts';

/** What runs inside: the answer goes out as one line of JSON. */
const script = `
const [port, path, init] = process.argv.slice(1);
fetch('http://127.0.0.1:' + port + path, JSON.parse(init)).then(async (response) => {
  const body = Buffer.from(await response.arrayBuffer()).toString('base64');
  console.log(JSON.stringify({ status: response.status, headers: [...response.headers], body }));
}, (error) => { console.log(JSON.stringify({ error: String(error.cause ?? error) })); });`;

interface Answer {
  readonly status: number;
  readonly headers: [string, string][];
  readonly body: string;
  readonly error?: string;
}

/** HTTP to a port inside the container, by a program inside: its previews are of another origin. */
export async function fetchInside(
  container: Container,
  port: number,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  const request = {
    method: init.method ?? 'GET',
    headers: Object.fromEntries(new Headers(init.headers)),
    ...(typeof init.body === 'string' ? { body: init.body } : {}),
  };
  const args = ['-e', script, String(port), path, JSON.stringify(request)];
  const process = await container.spawn('node', args);
  const text = await readText(process.output);
  const answer = JSON.parse(text.slice(text.indexOf('{'))) as Answer;
  if (answer.error !== undefined) throw new TypeError(answer.error);
  const bytes = Uint8Array.from(atob(answer.body), (character) => character.charCodeAt(0));
  const { status, headers } = answer;
  const hasNoBody = status === 204 || status === 304;
  return new Response(hasNoBody ? null : bytes, { status, headers });
}

async function readText(stream: ReadableStream<string>): Promise<string> {
  const reader = stream.getReader();
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return text;
    text += value;
  }
}
