import type { ReactNode } from 'react';
import { PageColumn, PageMain } from '@/components/shell/shell';
import { TopBar } from '@/components/shell/top-bar';
import { LockedState } from '@/components/ui/waiting';
import type { Person } from '@/lib/auth/current';
import { type Right, ROLE_NAMES, whoMay } from '@/lib/auth/rights';

/** A page that stays in its place but is locked for this role: who may, and what can be seen instead. */
export function NotYours({
  title,
  person,
  right,
  many,
  instead,
}: {
  title: string;
  person: Person;
  right: Right;
  /** The title names several things: "Books are for …". */
  many?: boolean;
  instead?: ReactNode;
}) {
  return (
    <PageColumn>
      <TopBar title={title} />
      <PageMain>
        <LockedState title={`${title} ${many ? 'are' : 'is'} for ${whoMay(right)}`} actions={instead}>
          Your role is {person.roles.map((role) => ROLE_NAMES[role]).join(', ')}. A founder can let you in
          under Team and limits.
        </LockedState>
      </PageMain>
    </PageColumn>
  );
}
