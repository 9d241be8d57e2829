import type { Metadata } from 'next';
import { signOut } from '@/app/(public)/(door)/sign-in/actions';
import { DateText, RelativeTime } from '@/components/dates';
import { FieldForm } from '@/components/forms/field-form';
import { PageColumn, PageMain } from '@/components/shell/shell';
import { TopBar } from '@/components/shell/top-bar';
import { Button, RowButton } from '@/components/ui/button';
import { State, Tag } from '@/components/ui/state';
import { Section } from '@/components/ui/surface';
import { databases } from '@/db/process';
import { withSystem } from '@/db/tenancy';
import { readAccount } from '@/lib/auth/account';
import { requirePerson } from '@/lib/auth/current';
import { ROLE_NAMES } from '@/lib/auth/rights';
import { listSessions, type SessionListed } from '@/lib/auth/sessions';
import { settingsTabs } from '../tabs';
import { endOtherSessions, endSession, setOwnPassword } from './actions';
import { deviceOf } from './device';
import { RecoveryCodes } from './recovery-codes';
import { TurnOff, TurnOn } from './second-factor';

export const metadata: Metadata = { title: 'Your account' };

export default async function AccountPage() {
  const person = await requirePerson();
  const now = Date.now();
  const [account, sessions] = await Promise.all([
    readAccount(databases(), person.userId),
    withSystem(databases(), (tx) => listSessions(tx, person.userId, now)),
  ]);
  const tz = person.timezone;
  return (
    <PageColumn>
      <TopBar title="Settings" tabs={settingsTabs('account')} />
      <PageMain>
        <div className="flex items-start gap-3">
          <div className="min-w-0 flex-1">
            <h2 className="truncate text-xl">{person.name}</h2>
            <p className="mt-1 text-base text-pretty [overflow-wrap:anywhere] text-text-2">
              {person.email} · {person.roles.map((role) => ROLE_NAMES[role]).join(', ')} at{' '}
              {person.organization.name}
            </p>
          </div>
          <form action={signOut}>
            <Button type="submit">Sign out</Button>
          </form>
        </div>
        <div className="mt-6 max-w-180 space-y-8">
          <Section
            title="Password"
            aside={
              account.passwordChangedAt !== null && (
                <>
                  set <DateText instant={account.passwordChangedAt} tz={tz} now={now} />
                </>
              )
            }
          >
            {account.hasPassword ? (
              <FieldForm
                action={setOwnPassword}
                tone="plain"
                className="mt-3 max-w-72"
                submit="Change the password"
                running="Changing it"
                fields={[
                  {
                    name: 'current',
                    label: 'Present password',
                    type: 'password',
                    autoComplete: 'current-password',
                  },
                  {
                    name: 'password',
                    label: 'New password',
                    type: 'password',
                    autoComplete: 'new-password',
                    hint: 'At least 8 characters, 12 or more is better. Ends your other sessions.',
                  },
                ]}
              />
            ) : (
              <p className="mt-3 text-text-2">You sign in through your company and have no password here.</p>
            )}
          </Section>
          <Section title="Second factor">
            <p className="mt-1 mb-3 text-pretty text-text-2">
              {account.secondFactorSince === null ? (
                'Off. With it, your password alone opens nothing: sign-in also asks for a code from your phone.'
              ) : (
                <>
                  <State kind="good">On</State> since{' '}
                  <DateText instant={account.secondFactorSince} tz={tz} now={now} />. Sign-in asks for a code
                  from your phone.
                </>
              )}
            </p>
            {account.secondFactorSince === null ? (
              <TurnOn />
            ) : (
              <>
                <TurnOff />
                <h3 className="mt-6 tracking-normal">Recovery codes</h3>
                <p className="mt-1 mb-3 text-pretty text-text-2">{recoveryWords(account.recovery)}</p>
                <RecoveryCodes made={account.recovery.made > 0} />
              </>
            )}
          </Section>
          <Section
            title="Where you are signed in"
            after={
              sessions.length > 1 && (
                <form action={endOtherSessions}>
                  <RowButton type="submit">Sign out everywhere else</RowButton>
                </form>
              )
            }
          >
            <ul className="mt-2">
              {sessions.map((session) => (
                <SessionRow key={session.id} session={session} own={person.sessionId} now={now} tz={tz} />
              ))}
            </ul>
          </Section>
        </div>
      </PageMain>
    </PageColumn>
  );
}

function recoveryWords({ made, left }: { made: number; left: number }): string {
  if (made === 0)
    return 'None yet. Without them a lost phone keeps you out until somebody helps on the server.';
  if (left === 0) return 'All of them are used. Make new ones, so that a lost phone does not keep you out.';
  return `${left} of ${made} are left. Each lets you in once in place of the code from your phone.`;
}

interface SessionRowProps {
  session: SessionListed;
  /** The session this page is read in. */
  own: string;
  now: number;
  tz: string;
}

function SessionRow({ session, own, now, tz }: SessionRowProps) {
  return (
    <li className="flex items-center gap-3 border-t border-hair py-2">
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-2">
          <span className="truncate font-medium">{deviceOf(session.userAgent)}</span>
          {session.id === own && <Tag>This one</Tag>}
        </span>
        <span className="block truncate text-xs leading-5 text-text-3">
          <RelativeTime instant={session.lastSeenAt} now={now} tz={tz} /> ·{' '}
          {session.address ?? 'address not known'}
        </span>
      </span>
      {session.id !== own && (
        <form action={endSession}>
          <input type="hidden" name="session" value={session.id} />
          <RowButton type="submit">Sign out there</RowButton>
        </form>
      )}
    </li>
  );
}
