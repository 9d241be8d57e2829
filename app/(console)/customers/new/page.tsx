import type { Metadata } from 'next';
import { countryOptions, currencyOptions, timezoneOptions } from '@/app/(public)/(door)/welcome/places';
import { zonePlace } from '@/components/format-date';
import { PageColumn, PageMain } from '@/components/shell/shell';
import { TopBar } from '@/components/shell/top-bar';
import { ButtonLink } from '@/components/ui/button';
import { holds } from '@/lib/auth/rights';
import { defaultEntity } from '@/lib/queries/console/customer';
import { reading } from '../../_reading/tenant';
import { NotYours } from '../../_shell/not-yours';
import { AddForm } from './add-form';

export const metadata: Metadata = { title: 'Add customer' };

export default async function AddCustomerPage() {
  const { person, entity } = await reading(async ({ tx, person, organizationId }) => ({
    person,
    entity: await defaultEntity(tx, organizationId),
  }));
  if (!holds(person.roles, 'customers.write')) {
    return (
      <NotYours
        title="Add customer"
        person={person}
        right="customers.write"
        instead={<ButtonLink href="/customers">Back to customers</ButtonLink>}
      />
    );
  }
  return (
    <PageColumn>
      <TopBar breadcrumb={[{ label: 'Customers', href: '/customers' }, { label: 'Add customer' }]} />
      <PageMain>
        <h1 className="text-xl">Add customer</h1>
        <p className="mt-1 max-w-120 text-pretty text-text-2">
          Nothing is billed yet. The plan comes next, on their page.
        </p>
        <AddForm
          countries={countryOptions()}
          currencies={currencyOptions()}
          timezones={timezoneOptions()}
          ownZone={zonePlace(entity.timezone)}
        />
      </PageMain>
    </PageColumn>
  );
}
