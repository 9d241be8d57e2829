import { Exact } from '@/lib/billing/money/exact';

/**
 * Expressions of billable metrics: arithmetic over an event, worked out when the event arrives (semantics 5.1). A small
 * language of its own, read by hand: numbers, 'text', event.code, event.timestamp, event.properties.name, + - * /,
 * parentheses, and the functions round, ceil, floor (value, precision), abs, min, max, concat. Nothing is ever evaluated
 * as code.
 */
export type ExpressionNode =
  | { kind: 'number'; value: Exact }
  | { kind: 'text'; value: string }
  | { kind: 'event'; path: string[] }
  | { kind: 'negate'; operand: ExpressionNode }
  | { kind: 'binary'; operator: '+' | '-' | '*' | '/'; left: ExpressionNode; right: ExpressionNode }
  | { kind: 'call'; name: FunctionName; args: ExpressionNode[] };

const FUNCTIONS = {
  round: { least: 1, most: 2 },
  ceil: { least: 1, most: 2 },
  floor: { least: 1, most: 2 },
  abs: { least: 1, most: 1 },
  min: { least: 1, most: 20 },
  max: { least: 1, most: 20 },
  concat: { least: 1, most: 20 },
} as const;
type FunctionName = keyof typeof FUNCTIONS;

const TOKEN =
  /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)|'([^']*)'|"([^"]*)"|([-+*/(),]))/y;
const MOST_TOKENS = 500;
const MOST_DEPTH = 50;

type Token =
  | { kind: 'number'; text: string }
  | { kind: 'name'; text: string }
  | { kind: 'text'; text: string }
  | { kind: 'mark'; text: string };

class Unreadable extends Error {}

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  const trimmed = source.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const match = TOKEN.exec(trimmed);
    if (!match || tokens.length >= MOST_TOKENS) throw new Unreadable();
    const [, number, name, single, double, mark] = match;
    if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (mark !== undefined) tokens.push({ kind: 'mark', text: mark });
    else tokens.push({ kind: 'text', text: single ?? double ?? '' });
  }
  return tokens;
}

class Parser {
  private at = 0;
  private depth = 0;
  constructor(private readonly tokens: Token[]) {}

  whole(): ExpressionNode {
    const node = this.sum();
    if (this.at < this.tokens.length) throw new Unreadable();
    return node;
  }

  private mark(...marks: string[]): string | null {
    const token = this.tokens[this.at];
    if (token?.kind !== 'mark' || !marks.includes(token.text)) return null;
    this.at++;
    return token.text;
  }

  private sum(): ExpressionNode {
    if (++this.depth > MOST_DEPTH) throw new Unreadable();
    let left = this.product();
    for (let sign = this.mark('+', '-'); sign; sign = this.mark('+', '-')) {
      left = { kind: 'binary', operator: sign as '+' | '-', left, right: this.product() };
    }
    this.depth--;
    return left;
  }

  private product(): ExpressionNode {
    let left = this.factor();
    for (let sign = this.mark('*', '/'); sign; sign = this.mark('*', '/')) {
      left = { kind: 'binary', operator: sign as '*' | '/', left, right: this.factor() };
    }
    return left;
  }

  private factor(): ExpressionNode {
    let signs = 0;
    while (this.mark('-')) signs++;
    const node = this.value();
    return signs % 2 === 0 ? node : { kind: 'negate', operand: node };
  }

  private value(): ExpressionNode {
    if (this.mark('(')) {
      const inner = this.sum();
      if (!this.mark(')')) throw new Unreadable();
      return inner;
    }
    const token = this.tokens[this.at++];
    if (token?.kind === 'number') return { kind: 'number', value: Exact.of(token.text) };
    if (token?.kind === 'text') return { kind: 'text', value: token.text };
    if (token?.kind !== 'name') throw new Unreadable();
    return this.mark('(') ? this.call(token.text) : eventValue(token.text);
  }

  private call(name: string): ExpressionNode {
    const shape = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name as FunctionName] : null;
    if (!shape) throw new Unreadable();
    const args = [this.sum()];
    while (this.mark(',')) args.push(this.sum());
    if (!this.mark(')') || args.length < shape.least || args.length > shape.most) throw new Unreadable();
    return { kind: 'call', name: name as FunctionName, args };
  }
}

function eventValue(name: string): ExpressionNode {
  const [root, field, ...rest] = name.split('.');
  const isPlain = rest.length === 0 && (field === 'code' || field === 'timestamp');
  const isProperty = rest.length === 1 && field === 'properties';
  if (root !== 'event' || !(isPlain || isProperty)) throw new Unreadable();
  return { kind: 'event', path: [field, ...rest] };
}

/** Reads an expression; null when it is not one. */
export function parseExpression(source: string): ExpressionNode | null {
  try {
    return new Parser(tokenize(source)).whole();
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}

export interface ExpressionEvent {
  code: string;
  /** Epoch seconds as decimal text. */
  timestamp: string;
  properties: Record<string, unknown>;
}

type Value = Exact | string;

/** The expression's value for an event as decimal text (or text, from concat), or null when the event lacks what it needs. */
export function evaluateExpression(node: ExpressionNode, event: ExpressionEvent): string | null {
  const value = evaluate(node, event);
  if (value === null) return null;
  return typeof value === 'string' ? value : value.toDecimalString(20);
}

function evaluate(node: ExpressionNode, event: ExpressionEvent): Value | null {
  switch (node.kind) {
    case 'number':
    case 'text':
      return node.value;
    case 'event':
      return eventPart(node.path, event);
    case 'negate':
      return numberOf(evaluate(node.operand, event))?.neg() ?? null;
    case 'binary': {
      const left = numberOf(evaluate(node.left, event));
      const right = numberOf(evaluate(node.right, event));
      return left && right ? arithmetic(node.operator, left, right) : null;
    }
    case 'call':
      return call(
        node.name,
        node.args.map((arg) => evaluate(arg, event)),
      );
  }
}

function eventPart(path: string[], event: ExpressionEvent): Value | null {
  if (path[0] === 'code') return event.code;
  if (path[0] === 'timestamp') return event.timestamp;
  const value = Object.hasOwn(event.properties, path[1] ?? '') ? event.properties[path[1] ?? ''] : null;
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function numberOf(value: Value | null): Exact | null {
  return typeof value === 'string' ? Exact.parse(value.trim()) : value;
}

function arithmetic(operator: '+' | '-' | '*' | '/', left: Exact, right: Exact): Exact | null {
  if (operator === '+') return left.add(right);
  if (operator === '-') return left.sub(right);
  if (operator === '*') return left.mul(right);
  return right.isZero() ? null : left.div(right);
}

function call(name: FunctionName, args: (Value | null)[]): Value | null {
  if (name === 'concat') return args.includes(null) ? null : args.map(textOf).join('');
  const numbers = args.map(numberOf);
  const [first, second] = numbers;
  if (!first || numbers.includes(null)) return null;
  if (name === 'abs') return first.abs();
  const rest = numbers as Exact[];
  if (name === 'min') return rest.reduce((low, value) => low.min(value));
  if (name === 'max') return rest.reduce((high, value) => high.max(value));
  const scale = second ? Number(second.trunc().toBigInt()) : 0;
  if (Math.abs(scale) > 20) return null;
  if (scale < 0) return first.pow10(scale)[name](0).pow10(-scale);
  return first[name](scale);
}

function textOf(value: Value | null): string {
  return value instanceof Exact ? value.toDecimalString(20) : (value ?? '');
}
