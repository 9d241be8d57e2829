import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';

/** One real request to a language model: see data/README.md for where the trace comes from. */
export interface TracedRequest {
  /** Milliseconds since the trace began. */
  offset: number;
  inputTokens: number;
  outputTokens: number;
}

interface Row {
  TIMESTAMP: string;
  ContextTokens: string;
  GeneratedTokens: string;
}

const FOLDER = path.join(import.meta.dirname, 'data/llm-inference-trace');

/** The trace of one service, chat (`conv`) or code completion (`code`), in order of time. */
export function readTrace(service: 'conv' | 'code'): TracedRequest[] {
  const rows: Row[] = parse(readFileSync(path.join(FOLDER, `${service}.csv`)), { columns: true });
  const times = rows.map(({ TIMESTAMP }) => Date.parse(`${TIMESTAMP.slice(0, 23).replace(' ', 'T')}Z`));
  const began = times[0] ?? 0;
  return rows.map(({ ContextTokens, GeneratedTokens }, at) => ({
    offset: (times[at] ?? began) - began,
    inputTokens: Number(ContextTokens),
    outputTokens: Number(GeneratedTokens),
  }));
}
