import type { Metadata } from 'next';
import { DateText, RelativeTime } from '@/components/dates';
import { zonePlace } from '@/components/format-date';
import { PageColumn, PageMain } from '@/components/shell/shell';
import { TopBar } from '@/components/shell/top-bar';
import { LockedReason, RowButton } from '@/components/ui/button';
import { Card, Section } from '@/components/ui/surface';
import { databases } from '@/db/process';
import { withTenant } from '@/db/tenancy';
import { readRateSettings } from '@/lib/api/rate-limits';
import { listApiKeys } from '@/lib/auth/api-keys';
import { API_PERMISSIONS, scopeWords } from '@/lib/auth/api-permissions';
import { requirePerson } from '@/lib/auth/current';
import { holds, whoMay } from '@/lib/auth/rights';
import { localDate } from '@/lib/billing/periods/zone';
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
  const today = localDate(now, person.timezone);
  const sandbox = person.organization.mode === 'sandbox';
  return (
    <PageColumn>
      <TopBar title="Settings" tabs={settingsTabs('keys')} />
      <PageMain>
        <h2 className="text-xl">API keys</h2>
        <p className="mt-1 max-w-160 text-base text-pretty text-text-2">
          Programs sign in to {sandbox ? 'this test data' : person.organization.name} with a key. Give each
          program its own, let it do no more than it needs, and end it when the program goes.
        </p>
        <div className="mt-6 flex gap-10 @max-4xl:flex-col @max-4xl:gap-8">
          <Section title="Keys in use" className="min-w-0 flex-1">
            <ul className="mt-2">
              {keys.map((key) => (
                <li key={key.id} className="flex flex-wrap items-center gap-3 border-t border-hair py-2">
                  <span className="min-w-0 flex-1">
                    <span className="block truncate font-medium">{key.name}</span>
                    <span className="block text-xs leading-5 text-pretty text-text-3">
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
                          {key.expiresAt.getTime() <= now ? ' · ended ' : ' · ends '}
                          <RelativeTime instant={key.expiresAt.getTime()} now={now} tz={person.timezone} />
                        </>
                      )}
                    </span>
                    <span className="block text-xs leading-5 text-text-2">
                      {scopeWords(key.scopes)}
                      {key.requestsPerMinute !== null &&
                        ` · ${key.requestsPerMinute.toLocaleString('en-US')} calls a minute`}
                    </span>
                  </span>
                  {mayChange && (key.expiresAt === null || key.expiresAt.getTime() > now) && (
                    <ReplaceKey
                      id={key.id}
                      name={key.name}
                      today={today}
                      zone={zonePlace(person.timezone)}
                      timezone={person.timezone}
                    />
                  )}
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
            <div className="w-100 flex-none @max-4xl:w-full">
              <Card label="A new key">
                <h2 className="mb-3 tracking-normal">A new key</h2>
                <KeyForm
                  groups={API_PERMISSIONS}
                  today={today}
                  zone={zonePlace(person.timezone)}
                  callsAllowed={readRateSettings(process.env).requestsPerMinute}
                />
              </Card>
            </div>
          )}
        </div>
      </PageMain>
    </PageColumn>
  );
}
