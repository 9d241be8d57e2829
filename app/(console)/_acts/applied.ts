import type { PreviewResult } from '@/lib/commands/preview/types';

/** An act that was done, or asked for. */
export interface AppliedAct {
  auditRowId: string | null;
  /** The act in words; for a request, what was asked for. */
  title: string;
  asked: string | null;
  preview: PreviewResult;
  reason: string | null;
  note: string | null;
}
