'use client';

import { type FormEvent, startTransition, useActionState, useEffect, useRef, useState } from 'react';
import type { FormState } from '@/components/forms/form-state';
import { Button, ButtonLink } from '@/components/ui/button';
import { SelectField, TextField } from '@/components/ui/field';
import { Note } from '@/components/ui/surface';
import { addToCustomers } from './actions';
import { idFrom } from './id-from';

interface Option {
  value: string;
  label: string;
}

interface AddFormProps {
  countries: readonly Option[];
  currencies: readonly Option[];
  timezones: readonly Option[];
  /** Where the organisation's own days begin and end. */
  ownZone: string;
}

/** The few things a customer needs before a plan. What was typed stays through every refusal. */
export function AddForm({ countries, currencies, timezones, ownZone }: AddFormProps) {
  const [state, act, pending] = useActionState<FormState, FormData>(addToCustomers, {});
  const { errors, values = {} } = state;
  const [name, setName] = useState(values.name ?? '');
  const [ownId, setOwnId] = useState<string | null>(values.external_id ?? null);
  const form = useRef<HTMLFormElement>(null);
  const once = useRef({ key: '', typed: '' });
  useEffect(() => {
    if (errors) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [errors]);
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (pending) return;
    const data = new FormData(event.currentTarget);
    // The same press again has the same key: where an answer was lost, nobody is added twice.
    const typed = JSON.stringify([...data]);
    if (once.current.typed !== typed) once.current = { key: crypto.randomUUID(), typed };
    data.set('once', once.current.key);
    startTransition(() => act(data));
  };
  return (
    <form ref={form} action={act} onSubmit={send} className="mt-5 max-w-120 space-y-4" noValidate>
      <TextField
        name="name"
        label="Name"
        autoComplete="off"
        autoFocus
        required
        maxLength={255}
        error={errors?.name}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        name="email"
        type="email"
        inputMode="email"
        label="E-mail for bills"
        hint="May stay empty."
        autoComplete="off"
        maxLength={255}
        error={errors?.email}
        defaultValue={values.email}
      />
      <TextField
        name="external_id"
        label="Id used by your software"
        hint="Your product sends use and asks for bills under this id. It stays as it is."
        autoComplete="off"
        spellCheck={false}
        required
        maxLength={255}
        error={errors?.external_id}
        value={ownId ?? idFrom(name)}
        onChange={(event) => setOwnId(event.target.value)}
      />
      <div className="grid gap-4 md:grid-cols-2">
        <Choice
          name="country"
          label="Country"
          hint="Taxes may depend on it."
          none="Not known yet"
          options={countries}
          state={state}
        />
        <Choice
          name="currency"
          label="Currency"
          hint="It stays once something is billed."
          none="That of their first plan"
          options={currencies}
          state={state}
        />
        <Choice
          name="timezone"
          label="Time zone"
          hint="Their days and periods begin at midnight there."
          none={`As ours: ${ownZone}`}
          options={timezones}
          state={state}
        />
        <TextField
          name="tax_identification_number"
          label="Tax number"
          hint="May stay empty. It stands on their bills."
          autoComplete="off"
          spellCheck={false}
          maxLength={255}
          error={errors?.tax_identification_number}
          defaultValue={values.tax_identification_number}
        />
      </div>
      <div aria-live="polite" className="empty:hidden">
        {state.message && (
          <Note warn role="alert">
            {state.message}
          </Note>
        )}
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" tone="act" running={pending ? 'Adding them' : undefined}>
          Add customer
        </Button>
        <ButtonLink tone="quiet" href="/customers">
          Back to customers
        </ButtonLink>
      </div>
    </form>
  );
}

function Choice({
  name,
  none,
  options,
  state: { errors, values },
  ...frame
}: {
  name: string;
  label: string;
  hint: string;
  /** What nothing chosen means. */
  none: string;
  options: readonly Option[];
  state: FormState;
}) {
  return (
    <SelectField {...frame} name={name} error={errors?.[name]} defaultValue={values?.[name] ?? ''}>
      <option value="">{none}</option>
      {options.map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </SelectField>
  );
}
