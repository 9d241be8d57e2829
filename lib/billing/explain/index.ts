export { type ExplainableFee, type ExplainedFee, explainFee } from './explain-fee.ts';
export { reevaluate, reproduces, type StoredLine } from './reevaluate.ts';
export type { ExplainedRow } from './rows.ts';
export type { Reader } from './words.ts';
