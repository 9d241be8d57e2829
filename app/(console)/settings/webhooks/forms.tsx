'use client';

import { type FormEvent, startTransition, useActionState } from 'react';
import type { FormAction, FormState } from '@/components/forms/form-state';
import { ShownOnce } from '@/components/forms/shown-once';
import { Button } from '@/components/ui/button';
import { SelectField } from '@/components/ui/field';
import { CheckedLine, Note } from '@/components/ui/surface';
import { addEndpoint, changeEndpoint, replay, rotate, type SecretState } from './actions';
import { EndpointFields } from './endpoint-fields';

/** What came of the last press: a refusal, a secret to copy, or that it is done. */
function Outcome({ state }: { state: SecretState }) {
  return (
    <div aria-live="polite" className="space-y-3 empty:hidden">
      {state.message && <Note warn>{state.message}</Note>}
      {state.secret && (
        <ShownOnce
          label="The signing secret"
          value={state.secret}
          words="Copy it now. It is shown only this once."
        />
      )}
      {state.done && <CheckedLine>{state.done}</CheckedLine>}
    </div>
  );
}

/** A form that runs its action by itself is emptied after it: what was ticked would be lost with every refusal. */
const kept = (act: (data: FormData) => void, pending: boolean) => (event: FormEvent<HTMLFormElement>) => {
  event.preventDefault();
  const data = new FormData(event.currentTarget);
  if (!pending) startTransition(() => act(data));
};

/** Adds an endpoint and shows its secret, once. */
export function NewEndpointForm({ types }: { types: readonly string[] }) {
  const [state, act, pending] = useActionState<SecretState, FormData>(addEndpoint, {});
  return (
    <form action={act} onSubmit={kept(act, pending)} className="space-y-4" noValidate>
      <EndpointFields
        key={state.secret}
        values={state.values ?? {}}
        errors={state.errors}
        types={types}
        asked={[]}
      />
      <Outcome state={state} />
      <Button type="submit" tone="act" running={pending ? 'Adding it' : undefined}>
        Add the endpoint
      </Button>
    </form>
  );
}

interface EndpointFormProps {
  endpoint: { id: string; url: string; name: string | null; algo: string; eventTypes: string[] | null };
  types: readonly string[];
}

export function ChangeEndpointForm({ endpoint, types }: EndpointFormProps) {
  const [state, act, pending] = useActionState<FormState, FormData>(changeEndpoint, {});
  const values = { url: endpoint.url, name: endpoint.name ?? '', algo: endpoint.algo, ...state.values };
  return (
    <form action={act} onSubmit={kept(act, pending)} className="max-w-120 space-y-4" noValidate>
      <input type="hidden" name="endpoint" value={endpoint.id} />
      <EndpointFields values={values} errors={state.errors} types={types} asked={endpoint.eventTypes ?? []} />
      <Outcome state={state} />
      <Button type="submit" running={pending ? 'Changing it' : undefined}>
        Change the endpoint
      </Button>
    </form>
  );
}

/** A new secret; the previous one goes on signing for as long as is chosen. */
export function RotateForm({ endpointId }: { endpointId: string }) {
  const [state, act, pending] = useActionState<SecretState, FormData>(rotate, {});
  return (
    <form action={act} className="space-y-3" noValidate>
      <input type="hidden" name="endpoint" value={endpointId} />
      <SelectField name="overlap" label="The previous secret goes on" defaultValue="24">
        <option value="1">for an hour</option>
        <option value="24">for a day</option>
        <option value="72">for three days</option>
        <option value="168">for a week</option>
        <option value="0">not at all: it leaked</option>
      </SelectField>
      <Outcome state={state} />
      <Button type="submit" running={pending ? 'Making it' : undefined}>
        Make a new secret
      </Button>
    </form>
  );
}

/** Sends again what happened in a stretch of time. */
export function ReplayForm({ endpointId, locked }: { endpointId: string; locked: string | null }) {
  const [state, act, pending] = useActionState<FormState, FormData>(replay, {});
  return (
    <form action={act} className="space-y-3" noValidate>
      <input type="hidden" name="endpoint" value={endpointId} />
      <SelectField name="hours" label="From the last" defaultValue="24">
        <option value="1">hour</option>
        <option value="24">day</option>
        <option value="72">three days</option>
        <option value="168">week</option>
        <option value="720">30 days</option>
        <option value="2160">90 days</option>
      </SelectField>
      <SelectField name="which" label="What" defaultValue="undelivered">
        <option value="undelivered">what did not arrive</option>
        <option value="all">everything, arrived or not</option>
      </SelectField>
      <Outcome state={state} />
      <Button type="submit" running={pending ? 'Sending' : undefined} locked={locked ?? undefined}>
        Replay
      </Button>
    </form>
  );
}

interface ActFormProps {
  action: FormAction;
  hidden: Record<string, string>;
  words: string;
  running: string;
  tone?: 'plain' | 'act' | 'quiet';
  size?: 'sm' | 'md';
  locked?: string;
}

/** One button over one act. */
export function ActForm({ action, hidden, words, running, tone, size, locked }: ActFormProps) {
  const [state, act, pending] = useActionState<FormState, FormData>(action, {});
  return (
    <form action={act} className="space-y-2">
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <Button type="submit" tone={tone} size={size} running={pending ? running : undefined} locked={locked}>
        {words}
      </Button>
      <Outcome state={state} />
    </form>
  );
}
