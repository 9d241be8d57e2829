import type { MovementKind } from '@/db/schema';

/** Movements in the order of the waterfall, in the words of the screen. */
export const KINDS: readonly { kind: MovementKind; label: string }[] = [
  { kind: 'new', label: 'New' },
  { kind: 'reactivation', label: 'Came back' },
  { kind: 'expansion', label: 'Grew' },
  { kind: 'discount_ended', label: 'Discount ended' },
  { kind: 'contraction', label: 'Shrank' },
  { kind: 'discount_started', label: 'Discount began' },
  { kind: 'churn', label: 'Left' },
];

export const kindLabel = (kind: MovementKind): string =>
  KINDS.find((entry) => entry.kind === kind)?.label ?? kind;
