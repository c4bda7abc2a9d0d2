import { Buffer } from 'buffer/';

export interface InspectOptions {
  readonly depth?: number | null;
  readonly colors?: boolean;
  readonly compact?: number | boolean;
  readonly breakLength?: number;
}

const lineWidth = 72;
const arrayItemsShown = 100;
const bytesShown = 50;
const customInspect = Symbol.for('nodejs.util.inspect.custom');

/** A value as Node prints it. Simplified: no colours, no getters, no cyclic reference numbers. */
export function inspect(value: unknown, options: InspectOptions = {}): string {
  return new Inspector(options.depth === null ? Infinity : (options.depth ?? 2)).show(value, 0);
}
inspect.custom = customInspect;

/** `util.format`: `%s %d %i %f %j %o %O %c %%`. */
export function format(...values: unknown[]): string {
  const [first, ...rest] = values;
  if (typeof first !== 'string') return values.map(shownInLine).join(' ');
  let used = 0;
  const text = first.replace(/%[sdifjoOc%]/g, (placeholder) => {
    if (placeholder === '%%') return rest.length === 0 ? '%%' : '%';
    if (rest.length <= used) return placeholder;
    const value = rest[used];
    used += 1;
    return formatted(placeholder, value);
  });
  return [text, ...rest.slice(used).map(shownInLine)].join(' ');
}

function formatted(placeholder: string, value: unknown): string {
  switch (placeholder) {
    case '%s':
      return typeof value === 'string' ? value : inspect(value, { depth: 0 });
    case '%d':
      return typeof value === 'bigint' ? `${value}n` : String(Number(value));
    case '%i':
      return String(Number.parseInt(String(value), 10));
    case '%f':
      return String(Number.parseFloat(String(value)));
    case '%j':
      return JSON.stringify(value) ?? 'undefined';
    case '%c':
      return '';
    default:
      return inspect(value, { depth: 4 });
  }
}

function shownInLine(value: unknown): string {
  return typeof value === 'string' ? value : inspect(value);
}

class Inspector {
  readonly #depth: number;
  readonly #path: object[] = [];

  constructor(depth: number) {
    this.#depth = depth;
  }

  show(value: unknown, level: number): string {
    switch (typeof value) {
      case 'string':
        return quoted(value);
      case 'bigint':
        return `${value}n`;
      case 'symbol':
        return value.toString();
      case 'function':
        return shownFunction(value);
      case 'object':
        return value === null ? 'null' : this.#showObject(value, level);
      default:
        return Object.is(value, -0) ? '-0' : String(value);
    }
  }

  #showObject(value: object, level: number): string {
    const custom = (value as Record<symbol, unknown>)[customInspect];
    if (typeof custom === 'function') {
      const shown: unknown = custom.call(value, this.#depth - level, {}, inspect);
      return typeof shown === 'string' ? shown : this.show(shown, level);
    }
    if (this.#path.includes(value)) return '[Circular *1]';
    const plain = shownWhole(value);
    if (plain !== undefined) return plain;
    if (this.#depth < level)
      return Array.isArray(value) ? '[Array]' : `[${nameOf(value) || 'Object'}]`;
    this.#path.push(value);
    try {
      return this.#showMembers(value, level + 1);
    } finally {
      this.#path.pop();
    }
  }

  #showMembers(value: object, level: number): string {
    if (value instanceof Error) return this.#showError(value, level);
    if (Array.isArray(value) || ArrayBuffer.isView(value)) return this.#showArray(value, level);
    if (value instanceof Map) {
      const entries = [...value].map(
        ([k, v]) => `${this.show(k, level)} => ${this.show(v, level)}`,
      );
      return wrap(`Map(${value.size}) {`, entries, '}', level);
    }
    if (value instanceof Set) {
      const items = [...value].map((item) => this.show(item, level));
      return wrap(`Set(${value.size}) {`, items, '}', level);
    }
    const name = nameOf(value);
    const prefix = name === 'Object' ? '{' : `${name === '' ? '[Object: null prototype]' : name} {`;
    return wrap(prefix, this.#properties(value, level), '}', level);
  }

  #showArray(value: ArrayLike<unknown> | ArrayBufferView, level: number): string {
    const items = value as ArrayLike<unknown>;
    const shown = Array.from({ length: Math.min(items.length, arrayItemsShown) }, (_, index) =>
      index in items ? this.show(items[index], level) : '<1 empty item>',
    );
    const more = items.length - shown.length;
    if (0 < more) shown.push(`... ${more} more item${more === 1 ? '' : 's'}`);
    const name = nameOf(value);
    return wrap(name === 'Array' ? '[' : `${name}(${items.length}) [`, shown, ']', level);
  }

  #showError(error: Error, level: number): string {
    const stack = error.stack ?? `${error.name}: ${error.message}`;
    const text = stack.startsWith(error.name) || stack.includes(error.message) ? stack : `${error}`;
    const properties = this.#properties(error, level).filter((p) => !/^(stack|message):/.test(p));
    if (error.cause !== undefined) properties.push(`[cause]: ${this.show(error.cause, level)}`);
    return properties.length === 0 ? text : `${text} ${wrap('{', properties, '}', level)}`;
  }

  #properties(value: object, level: number): string[] {
    const symbols = Object.getOwnPropertySymbols(value).filter((symbol) =>
      Object.prototype.propertyIsEnumerable.call(value, symbol),
    );
    return [...Object.keys(value), ...symbols].map((key) => {
      const property = Object.getOwnPropertyDescriptor(value, key);
      const shown = property?.get ? shownAccessor(property) : this.show(property?.value, level);
      return `${shownKey(key)}: ${shown}`;
    });
  }
}

function shownAccessor(property: PropertyDescriptor): string {
  return property.set ? '[Getter/Setter]' : '[Getter]';
}

/** Values without members of interest. */
function shownWhole(value: object): string | undefined {
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof RegExp) return String(value);
  if (value instanceof Promise) return 'Promise { <pending> }';
  if (value instanceof String || value instanceof Number || value instanceof Boolean) {
    return `[${nameOf(value)}: ${inspect(value.valueOf())}]`;
  }
  if (!(value instanceof Buffer)) return undefined;
  const hex = Buffer.from(value.subarray(0, bytesShown)).toString('hex');
  const shown = hex.replace(/..(?!$)/g, '$& ');
  const more = value.length - bytesShown;
  return `<Buffer${shown === '' ? '' : ` ${shown}`}${0 < more ? ` ... ${more} more bytes` : ''}>`;
}

function wrap(open: string, items: readonly string[], close: string, level: number): string {
  if (items.length === 0) return open + close;
  const short = `${open} ${items.join(', ')} ${close}`;
  const isShort = short.length + level * 2 <= lineWidth && !short.includes('\n');
  if (isShort) return short;
  const indent = '  '.repeat(level);
  return `${open}\n${indent}${items.join(`,\n${indent}`)}\n${'  '.repeat(level - 1)}${close}`;
}

function nameOf(value: object): string {
  const prototype: object | null = Object.getPrototypeOf(value);
  return prototype === null ? '' : prototype.constructor.name;
}

function shownFunction(value: object & { name?: string }): string {
  const kind = /^class\b/.test(Function.prototype.toString.call(value)) ? 'class' : 'Function';
  const name = value.name ?? '';
  if (kind === 'class') return `[class ${name === '' ? '(anonymous)' : name}]`;
  return name === '' ? '[Function (anonymous)]' : `[Function: ${name}]`;
}

function shownKey(key: string | symbol): string {
  if (typeof key === 'symbol') return `[${key.toString()}]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key);
}

function quoted(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
  if (!text.includes("'")) return `'${escaped}'`;
  if (!text.includes('"')) return `"${escaped}"`;
  return text.includes('`') ? `'${escaped.replaceAll("'", "\\'")}'` : `\`${escaped}\``;
}
