/** What a form's action answers: what to mend, field by field, or what was done. */
export interface FormState {
  /** Field name → how to put it right. */
  errors?: Record<string, string>;
  /** What concerns the whole form. */
  message?: string;
  /** What was done. Said in place of the message. */
  done?: string;
  /** What was typed, kept so that nothing has to be typed twice (never a password). */
  values?: Record<string, string>;
}

export type FormAction = (state: FormState, data: FormData) => Promise<FormState>;

/** The text of a form field; '' when it was left out. */
export function text(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === 'string' ? value : '';
}
