export { explainFee } from './explain-fee.ts';
export { reevaluate, reproduces } from './reevaluate.ts';
export type { ExplainedRow } from './rows.ts';
export { shortWorking } from './short.ts';
