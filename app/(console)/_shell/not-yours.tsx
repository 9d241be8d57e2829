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
  instead,
}: {
  title: string;
  person: Person;
  right: Right;
  instead?: ReactNode;
}) {
  return (
    <PageColumn>
      <TopBar title={title} />
      <PageMain>
        <LockedState title={`${title} is for ${whoMay(right)}`} actions={instead}>
          Your role is {person.roles.map((role) => ROLE_NAMES[role]).join(', ')}. A founder can let you in
          under Team and limits.
        </LockedState>
      </PageMain>
    </PageColumn>
  );
}
