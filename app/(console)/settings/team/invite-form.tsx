'use client';

import { useActionState } from 'react';
import { Button } from '@/components/ui/button';
import { TextField } from '@/components/ui/field';
import { CheckedLine, Note } from '@/components/ui/surface';
import { type InviteState, inviteMember } from './actions';
import { RoleBoxes, type RoleOption } from './role-boxes';

/** Adds a person: address and roles. Without a mail server it shows the link to hand over. */
export function InviteForm({ roles }: { roles: readonly RoleOption[] }) {
  const [state, act, pending] = useActionState<InviteState, FormData>(inviteMember, {});
  return (
    <form action={act} className="space-y-4" noValidate>
      <TextField
        name="email"
        type="email"
        inputMode="email"
        label="Work email"
        required
        autoComplete="off"
        error={state.errors?.email}
        defaultValue={state.values?.email}
      />
      <RoleBoxes roles={roles} held={[]} error={state.errors?.roles} />
      <div aria-live="polite" className="empty:hidden">
        {state.done && <CheckedLine>{state.done}</CheckedLine>}
        {state.message && <Note warn>{state.message}</Note>}
        {state.link && (
          <TextField
            className="mt-3"
            label="The invitation"
            readOnly
            value={state.link}
            onFocus={(event) => event.currentTarget.select()}
          />
        )}
      </div>
      <Button type="submit" tone="act" running={pending ? 'Inviting' : undefined}>
        Invite
      </Button>
    </form>
  );
}
