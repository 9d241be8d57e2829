'use client';

import type { Outlook } from '@/lib/commands/preview/types';
import { useActs } from '../_acts/acts-context';
import { type Piece, type Situation, situationPieces } from './sentence-words';

const TONES: Record<NonNullable<Piece['tone']>, string> = {
  figure: 'num text-text',
  was: 'text-text-3 line-through',
  ink: 'num font-medium text-ink',
};

/** The customer's situation in words; while a change is proposed, what it would make of it in ink. */
export function Sentence({ situation, outlook }: { situation: Situation; outlook: Outlook | null }) {
  const { facts, preview } = useActs();
  const pieces = situationPieces(
    situation,
    facts.today,
    outlook ?? preview?.before ?? null,
    preview?.after ?? null,
  );
  return (
    <p className="mt-1.5 max-w-160 text-base text-pretty text-text-2">
      {pieces.map((piece, index) =>
        piece.tone ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: a sentence has no other order than its own
          <span key={index} className={TONES[piece.tone]}>
            {piece.text}
          </span>
        ) : (
          piece.text
        ),
      )}
    </p>
  );
}
