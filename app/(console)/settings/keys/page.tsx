import type { Metadata } from 'next';
import { DateText, RelativeTime } from '@/components/dates';
import { PageColumn, PageMain } from '@/components/shell/shell';
import { TopBar } from '@/components/shell/top-bar';
import { LockedReason, RowButton } from '@/components/ui/button';
import { Card, Section } from '@/components/ui/surface';
import { databases } from '@/db/process';
import { withTenant } from '@/db/tenancy';
import { listApiKeys } from '@/lib/auth/api-keys';
import { requirePerson } from '@/lib/auth/current';
import { holds, whoMay } from '@/lib/auth/rights';
import { settingsTabs } from '../tabs';
import { endKey } from './actions';
import { KeyForm } from './key-form';
import { ReplaceKey } from './replace-key';

export const metadata: Metadata = { title: 'API keys' };

export default async function KeysPage() {
  const person = await requirePerson();
  const mayChange = holds(person.roles, 'api_keys.manage');
  const now = Date.now();
  const keys = await withTenant(
    databases(),
    person.organizationId,
    (tx) => listApiKeys(tx, person.organizationId),
    { readOnly: true },
  );
  const sandbox = person.organization.mode === 'sandbox';
  return (
    <PageColumn>
      <TopBar title="Settings" tabs={settingsTabs('keys')} />
      <PageMain>
        <h2 className="text-xl">API keys</h2>
        <p className="mt-1 max-w-160 text-base text-pretty text-text-2">
          Programs sign in with a key. Each may do everything the API offers in{' '}
          {sandbox ? 'this test data' : person.organization.name}, so give each program its own and end it
          when the program goes.
        </p>
        <div className="mt-6 flex gap-10 @max-4xl:flex-col @max-4xl:gap-8">
          <Section title="Keys in use" className="min-w-0 flex-1">
            <ul className="mt-2">
              {keys.map((key) => (
                <li key={key.id} className="flex flex-wrap items-center gap-3 border-t border-hair py-2">
                  <span className="min-w-0 flex-1">
                    <span className="block truncate font-medium">{key.name}</span>
                    <span className="block truncate text-xs leading-5 text-text-3">
                      <span className="code">…{key.lastFour}</span> · made{' '}
                      <DateText instant={key.createdAt.getTime()} tz={person.timezone} now={now} /> ·{' '}
                      {key.lastUsedAt ? (
                        <>
                          used{' '}
                          <RelativeTime instant={key.lastUsedAt.getTime()} now={now} tz={person.timezone} />
                        </>
                      ) : (
                        'not used yet'
                      )}
                      {key.expiresAt && (
                        <>
                          {' '}
                          · ends{' '}
                          <RelativeTime instant={key.expiresAt.getTime()} now={now} tz={person.timezone} />
                        </>
                      )}
                    </span>
                  </span>
                  {mayChange && !key.expiresAt && <ReplaceKey id={key.id} name={key.name} />}
                  {mayChange && (
                    <form action={endKey}>
                      <input type="hidden" name="key" value={key.id} />
                      <RowButton type="submit" aria-label={`End ${key.name}`}>
                        End
                      </RowButton>
                    </form>
                  )}
                </li>
              ))}
              {keys.length === 0 && (
                <li className="border-t border-hair py-2 text-text-2">
                  No key yet. Your programs need one to send usage and read invoices.
                </li>
              )}
            </ul>
            {!mayChange && (
              <p className="mt-3">
                <LockedReason>Making and ending keys: {whoMay('api_keys.manage')}.</LockedReason>
              </p>
            )}
          </Section>
          {mayChange && (
            <div className="w-76 flex-none @max-4xl:w-full">
              <Card label="A new key">
                <h2 className="mb-3 tracking-normal">A new key</h2>
                <KeyForm />
              </Card>
            </div>
          )}
        </div>
      </PageMain>
    </PageColumn>
  );
}
