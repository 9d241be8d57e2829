import type { ReactNode } from 'react';
import { formatInstant, zonePlace } from '@/components/format-date';
import { PersonBlock } from '@/components/shell/rail';
import { Shell } from '@/components/shell/shell';
import type { NewItem } from '@/components/shell/types';
import { holds, ROLE_NAMES } from '@/lib/auth/rights';
import { Organisations } from './_shell/organisations';
import { PersonMenu } from './_shell/person-menu';
import { giveMeter, shellFacts } from './_shell/shell-facts';
import { TestClock } from './_shell/test-clock';

/** The frame around every page of the console: who you are, where you are, what waits and what you may still give. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const { person, now, counts, give, waiting, trials, organizations } = await shellFacts();
  const { organization } = person;
  const role = person.title ?? person.roles.map((name) => ROLE_NAMES[name]).join(', ');
  const place = person.timezone === 'UTC' ? undefined : zonePlace(person.timezone);
  const newItems: NewItem[] = [
    ...(holds(person.roles, 'customers.write') ? [{ label: 'Customer', href: '/customers/new' }] : []),
    ...(holds(person.roles, 'plans.draft') ? [{ label: 'Plan', href: '/plans/new' }] : []),
  ];
  const some = (count: number) => (count > 0 ? count : undefined);
  return (
    <Shell
      rail={{
        organisation: organization.name,
        switcher: (
          <Organisations
            current={organization.id}
            choices={organizations.map(({ id, name, mode }) => ({ id, name, test: mode === 'sandbox' }))}
          />
        ),
        counts: { today: some(waiting), invoices: some(counts.drafts), payments: some(counts.unpaid) },
        hidden: holds(person.roles, 'books.read') ? [] : ['books'],
        pinned: [
          { label: 'Trials ending', href: '/customers?view=trials', count: some(trials) },
          { label: 'Owes money', href: '/customers?view=owes', count: some(counts.owing) },
        ],
        give: giveMeter(give),
        person: {
          name: person.name,
          role,
          place,
          menu: (
            <PersonMenu
              name={person.name}
              trigger={<PersonBlock person={{ name: person.name, role, place }} />}
            />
          ),
        },
      }}
      tools={{ newItems, approvals: counts.approvals, approvalsHref: '/approvals', helpHref: '/help' }}
      testMode={
        organization.mode === 'sandbox'
          ? {
              clock: formatInstant(now, person.timezone, 'moment'),
              control: holds(person.roles, 'sandbox.move_clock') ? (
                <TestClock now={now} timezone={person.timezone} />
              ) : undefined,
            }
          : undefined
      }
    >
      {children}
    </Shell>
  );
}
