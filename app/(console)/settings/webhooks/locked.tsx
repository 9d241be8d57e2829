import { PageColumn, PageMain } from '@/components/shell/shell';
import { TopBar } from '@/components/shell/top-bar';
import { ButtonLink } from '@/components/ui/button';
import { LockedState } from '@/components/ui/waiting';
import type { Person } from '@/lib/auth/current';
import { ROLE_NAMES, whoMay } from '@/lib/auth/rights';
import { settingsTabs } from '../tabs';

/** Webhooks stay in their place for everybody; who may open them is said. */
export function WebhooksLocked({ person }: { person: Person }) {
  return (
    <PageColumn>
      <TopBar title="Settings" tabs={settingsTabs('webhooks')} />
      <PageMain>
        <LockedState
          title={`Webhooks are for ${whoMay('webhooks.manage')}`}
          actions={<ButtonLink href="/settings/account">Open your account</ButtonLink>}
        >
          Your role is {person.roles.map((role) => ROLE_NAMES[role]).join(', ')}. A founder can let you in
          under Team and limits.
        </LockedState>
      </PageMain>
    </PageColumn>
  );
}
