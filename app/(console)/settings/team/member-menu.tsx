'use client';

import { useActionState } from 'react';
import type { FormAction, FormState } from '@/components/forms/form-state';
import { Button } from '@/components/ui/button';
import { Menu } from '@/components/ui/menu';
import { CheckedLine, Note } from '@/components/ui/surface';
import { giveRoles, removeMember } from './actions';
import { RoleBoxes, type RoleOption } from './role-boxes';

interface MemberMenuProps {
  member: { userId: string; name: string; roles: readonly string[] };
  roles: readonly RoleOption[];
  /** The reader's own row. */
  own: boolean;
}

/** What may be changed about one member: the roles, or that they are one. */
export function MemberMenu({ member, roles, own }: MemberMenuProps) {
  return (
    <Menu
      trigger="Change"
      label={`Change ${member.name}`}
      triggerClassName="btn h-6 px-2 text-xs"
      align="end"
    >
      <RolesForm member={member} roles={roles} />
      <hr className="my-4 border-hair" />
      <EndForm userId={member.userId} own={own} />
    </Menu>
  );
}

function RolesForm({ member, roles }: Pick<MemberMenuProps, 'member' | 'roles'>) {
  const [state, act, pending] = useActionState<FormState, FormData>(giveRoles satisfies FormAction, {});
  return (
    <form action={act} className="space-y-3 text-left">
      <input type="hidden" name="member" value={member.userId} />
      <RoleBoxes key={member.roles.join()} roles={roles} held={member.roles} error={state.errors?.roles} />
      <Outcome state={state} />
      <Button type="submit" size="sm" running={pending ? 'Giving them' : undefined}>
        Give these roles
      </Button>
    </form>
  );
}

function EndForm({ userId, own }: { userId: string; own: boolean }) {
  const [state, act, pending] = useActionState<FormState, FormData>(removeMember satisfies FormAction, {});
  return (
    <form action={act} className="space-y-3 text-left">
      <input type="hidden" name="member" value={userId} />
      <p className="text-xs text-pretty whitespace-normal text-text-3">
        {own
          ? 'You are signed out at once. What you did stays in Activity; an invitation brings you back.'
          : 'They are signed out at once. What they did stays in Activity; an invitation brings them back.'}
      </p>
      {state.errors?.roles && <Note warn>{state.errors.roles}</Note>}
      <Outcome state={state} />
      <Button type="submit" size="sm" running={pending ? 'Ending it' : undefined}>
        End the membership
      </Button>
    </form>
  );
}

function Outcome({ state }: { state: FormState }) {
  if (state.message) {
    return (
      <Note warn role="alert" className="whitespace-normal">
        {state.message}
      </Note>
    );
  }
  return state.done ? <CheckedLine>{state.done}</CheckedLine> : null;
}
