'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { PanelState } from '@/components/panel/types';
import type { ApplyAnswer, PreviewAnswer, PreviewResult } from '@/lib/commands/preview/types';
import { applyChange } from './apply';
import { presentPreview, type Shown, sawWords } from './present';

const DEBOUNCE = 250;
/** A preview's token ends after ten minutes; new figures are fetched before that. */
const FRESH = 9 * 60_000;

export interface ChangeInput {
  command: string;
  /** Null while something needed is missing; `hint` says what. */
  input: Record<string, unknown> | null;
  hint: string;
  /** The button's words while there is nothing to work out. */
  name: string;
  reason: string | null;
  note: string;
  shown: Shown;
  /** The one key of this panel: pressing twice acts once. */
  onceKey: () => string;
  /** It is done, or asked for. */
  onDone: (result: ApplyAnswer, preview: PreviewResult) => void;
}

type Trouble = { key: string } & (
  | { kind: 'moved'; saw: PreviewResult; preview: PreviewResult; text: string }
  /** `sent` was pressed and its answer is lost: trying again sends the very same once more. */
  | { kind: 'failed'; text: string; reference: string; sent?: PreviewResult }
);

async function askPreview(command: string, input: unknown, signal: AbortSignal): Promise<PreviewAnswer> {
  const answer = await fetch('/api/console/preview', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ command, input }),
    signal,
  });
  if (answer.status >= 500) throw new Error(`The preview answered ${answer.status}`);
  return answer.json();
}

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), DEBOUNCE);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

interface Change {
  state: PanelState;
  /** Figures that still hold, for the page to show in ink; null otherwise. */
  fresh: PreviewResult | null;
  confirm: () => void;
  retry: () => void;
}

/**
 * One change from typing to receipt: asks for figures 250 ms after the last key (an older question is aborted), holds
 * the act back until they are fresh, applies exactly what was shown under one key, and says what moved when it did.
 */
export function useChange(change: ChangeInput): Change {
  const { command, input, hint, name, reason, note, shown, onceKey, onDone } = change;
  const key = JSON.stringify(input);
  const settled = useSettled(key);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [acting, setActing] = useState(false);
  const pressed = useRef(false);

  const query = useQuery({
    queryKey: ['preview', command, settled],
    queryFn: async ({ signal }) => ({
      key: settled,
      answer: await askPreview(command, JSON.parse(settled), signal),
    }),
    enabled: input !== null && settled === key,
    placeholderData: keepPreviousData,
    refetchInterval: FRESH,
    refetchOnWindowFocus: false,
    retry: 1,
    staleTime: 0,
    gcTime: FRESH,
  });
  const answer = query.data?.answer;
  const current = input !== null && query.data?.key === key && !query.isFetching && !query.isPlaceholderData;
  const held = trouble?.key === key ? trouble : null;
  const last = answer?.ok ? answer.preview : null;
  const fresh = held?.kind === 'moved' ? held.preview : current ? last : null;

  /** Whether it is done. What is only asked for is told to the opener too; anything else shows its trouble. */
  const settle = (result: ApplyAnswer, preview: PreviewResult): boolean => {
    if (result.ok || result.kind === 'approval_requested') {
      onDone(result, preview);
      return result.ok;
    }
    if (result.kind === 'moved' && 'preview' in result) {
      setTrouble({ key, kind: 'moved', saw: preview, preview: result.preview, text: result.message });
    } else {
      setTrouble({ key, kind: 'failed', text: result.message, reference: result.kind });
    }
    return false;
  };

  const apply = async (preview: PreviewResult) => {
    if (pressed.current) return;
    pressed.current = true;
    setActing(true);
    let done = false;
    try {
      const result = await applyChange({
        command,
        input,
        reasonCode: reason,
        note: note.trim() || null,
        token: preview.token,
        idempotencyKey: onceKey(),
        acknowledgedTwinId: preview.twin?.auditRowId ?? null,
      });
      done = settle(result, preview);
    } catch {
      setTrouble({
        key,
        kind: 'failed',
        text: 'No answer came, so we do not know yet whether it was done. Try again: it happens once at most.',
        reference: 'no-answer',
        sent: preview,
      });
    } finally {
      // Once done, the button stays locked until the page behind has come back and the panel is gone.
      if (!done) {
        pressed.current = false;
        setActing(false);
      }
    }
  };

  const confirm = () => {
    if (fresh) void apply(fresh);
  };
  const retry = () => {
    if (held?.kind === 'failed' && held.sent) return void apply(held.sent);
    setTrouble(null);
    void query.refetch();
  };

  const state = (): PanelState => {
    if (input === null) return { kind: 'waiting', hint, act: name };
    const sent = (held?.kind === 'failed' && held.sent) || fresh;
    if (acting && sent) return { kind: 'acting', preview: presentPreview(sent, shown) };
    if (held?.kind === 'moved') {
      return {
        kind: 'moved',
        preview: presentPreview(held.preview, shown, held.saw),
        text: held.text,
        saw: sawWords(held.saw, shown.timezone),
      };
    }
    const old = last ? presentPreview(last, shown) : null;
    if (held?.kind === 'failed') return { ...held, preview: old };
    if (current && answer?.ok === false) {
      return { kind: 'failed', text: answer.message, reference: answer.kind, preview: null };
    }
    if (query.isError && !query.isFetching && settled === key) {
      return {
        kind: 'failed',
        text: 'The figures could not be worked out. Nothing was done, and what you typed is kept.',
        reference: 'no-figures',
        preview: old,
      };
    }
    if (fresh) return { kind: 'ready', preview: presentPreview(fresh, shown) };
    return { kind: 'working', preview: old };
  };
  return { state: state(), fresh, confirm, retry };
}
