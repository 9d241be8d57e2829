/**
 * What a change panel shows: figures as text ready to print, worked out elsewhere. The panel adds nothing to them; it
 * shows now, after and difference, holds the act back until they are fresh, and names the way back.
 */

export interface DeltaRow {
  label: string;
  now: string;
  after: string;
  /** Words or an amount with its sign: "14 days later", "+$344.15", "no change". */
  difference: string;
  /** The after differs from the now: shown in ink. */
  changed: boolean;
  /** Explanation of the figure, one press away. */
  why?: string;
  /** Moved since the person last saw it: tinted. */
  moved?: boolean;
}

export interface WorkingLine {
  what: string;
  working: string;
  amount: string;
  /** Nothing is due for it: folded with its like. */
  zero?: boolean;
  moved?: boolean;
}

/** Lines that add up to what is due today, each with its working. */
export interface DueToday {
  /** Where the lines are not due today: "First bill, Sun 1 Nov in Halifax". */
  title?: string;
  lines: readonly WorkingLine[];
  total: WorkingLine;
}

/** Whether figures are exact or an estimate, and its basis: "Exact, worked out 10:24:08", "At September's use". */
export interface Exactness {
  exact: boolean;
  text: string;
}

/** Held: nothing leaves yet. Reversible: puts it back. Forward: no undo, only a correction. */
export type UndoClass = 'held' | 'reversible' | 'forward';

export interface UndoPromise {
  kind: UndoClass;
  /** "Can be undone until Fri 16 Oct". */
  headline: string;
  /** ", end of day in Halifax. Puts everything back as it was." */
  detail?: string;
}

export interface LimitLine {
  over: boolean;
  /** "Within your limit: 14 of 30 days at a time", or how much over and who decides. */
  text: string;
}

/** A preview as it is shown. */
export interface PanelPreview {
  rows: readonly DeltaRow[];
  exactness: Exactness;
  due?: DueToday;
  /** Words on the button, with amount or count: "Extend trial by 14 days", "Send to Tomas, $750.00" when over. */
  act: string;
  /** While it runs: "Giving $150.00". */
  acting?: string;
  limit?: LimitLine;
  undo: UndoPromise;
  /** A colleague did the same a moment ago; must be ticked before the act works. */
  twin?: { text: string; acknowledge: string };
  /** Things that stack badly; they inform and do not stop. */
  conflicts?: readonly string[];
  /** What was given before, in a quiet note. */
  history?: string;
}

export type PanelState =
  /** Nothing typed yet, so nothing to work out; `hint` stands in place of figures. */
  | { kind: 'waiting'; hint: string; act: string }
  /** New figures are being worked out; the last ones stay, dimmed. */
  | { kind: 'working'; preview: PanelPreview | null; text?: string }
  | { kind: 'ready'; preview: PanelPreview }
  /** What it read has changed: nothing was done; `saw` names the old figure. */
  | { kind: 'moved'; preview: PanelPreview; text: string; saw: string }
  /** No figures, no act. What was typed stays. */
  | { kind: 'failed'; text: string; reference: string; preview?: PanelPreview | null }
  /** Pressed; locked until an answer comes. */
  | { kind: 'acting'; preview: PanelPreview };

export interface Reason {
  code: string;
  label: string;
}

export interface ReceiptRow {
  label: string;
  before: string;
  now: string;
  changed: boolean;
}

/** What is kept after the act. */
export interface Receipt {
  title: string;
  /** "09:58:14". */
  at: string;
  rows: readonly ReceiptRow[];
  /** By whom, why, who was told. */
  story: string;
  undo: UndoPromise;
}
