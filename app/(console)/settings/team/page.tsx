import type { Metadata } from 'next';
import { DateText } from '@/components/dates';
import { PageColumn, PageMain } from '@/components/shell/shell';
import { TopBar } from '@/components/shell/top-bar';
import { LockedReason, RowButton } from '@/components/ui/button';
import { Tag } from '@/components/ui/state';
import { Card, Section } from '@/components/ui/surface';
import { databases } from '@/db/process';
import { ROLES } from '@/db/schema/people';
import { withTenant } from '@/db/tenancy';
import { type Person, requirePerson } from '@/lib/auth/current';
import { listInvitations } from '@/lib/auth/invitations';
import { readLimits } from '@/lib/auth/limits';
import { holds, ROLE_NAMES, whoMay } from '@/lib/auth/rights';
import { listMembers, type Member } from '@/lib/auth/team';
import { settingsTabs } from '../tabs';
import { takeBackInvitation } from './actions';
import { InviteForm } from './invite-form';
import { LimitsTable } from './limits-table';
import { MemberMenu } from './member-menu';

export const metadata: Metadata = { title: 'Team' };

const ROLE_OPTIONS = ROLES.map((role) => ({ role, name: ROLE_NAMES[role] }));

export default async function TeamPage() {
  const person = await requirePerson();
  const mayChange = holds(person.roles, 'settings.team');
  const now = Date.now();
  const { members, invitations, limits } = await withTenant(
    databases(),
    person.organizationId,
    async (tx) => ({
      members: await listMembers(tx, person.organizationId),
      invitations: mayChange ? await listInvitations(tx, person.organizationId, now) : [],
      limits: await readLimits(tx, person.organizationId),
    }),
    { readOnly: true },
  );
  return (
    <PageColumn>
      <TopBar title="Settings" tabs={settingsTabs('team')} />
      <PageMain>
        <h2 className="text-xl">Team and limits</h2>
        <p className="mt-1 text-base text-pretty text-text-2">
          {members.length === 1 ? '1 person' : `${members.length} people`}. Somebody with several roles has
          the rights of each and the wider limit.
        </p>
        <div className="mt-6 flex gap-10 @max-4xl:flex-col @max-4xl:gap-8">
          <Section title="Members" className="min-w-0 flex-1">
            <ul className="mt-2">
              {members.map((member) => (
                <MemberRow key={member.userId} member={member} reader={person} mayChange={mayChange} />
              ))}
            </ul>
            {!mayChange && (
              <p className="mt-3">
                <LockedReason>Adding people and changing roles: {whoMay('settings.team')}.</LockedReason>
              </p>
            )}
          </Section>
          {mayChange && (
            <div className="w-76 flex-none space-y-6 @max-4xl:w-full">
              <Card label="Add a person">
                <h2 className="mb-3 tracking-normal">Add a person</h2>
                <InviteForm roles={ROLE_OPTIONS} />
              </Card>
              {invitations.length > 0 && (
                <Section title="Invited">
                  <ul className="mt-2">
                    {invitations.map((invitation) => (
                      <li key={invitation.id} className="flex items-center gap-3 border-t border-hair py-2">
                        <span className="min-w-0 flex-1">
                          <span className="block truncate font-medium">{invitation.email}</span>
                          <span className="block truncate text-xs leading-5 text-text-3">
                            {invitation.roles.map((role) => ROLE_NAMES[role]).join(', ')} · until{' '}
                            <DateText instant={invitation.expiresAt} tz={person.timezone} now={now} />
                          </span>
                        </span>
                        <form action={takeBackInvitation}>
                          <input type="hidden" name="invitation" value={invitation.id} />
                          <RowButton
                            type="submit"
                            aria-label={`Take back the invitation of ${invitation.email}`}
                          >
                            Take back
                          </RowButton>
                        </form>
                      </li>
                    ))}
                  </ul>
                </Section>
              )}
            </div>
          )}
        </div>
        <Section title="What each role may give without asking" className="mt-8">
          <LimitsTable limits={limits} mayChange={mayChange} />
        </Section>
      </PageMain>
    </PageColumn>
  );
}

function MemberRow({ member, reader, mayChange }: { member: Member; reader: Person; mayChange: boolean }) {
  const roles = member.roles.map((role) => ROLE_NAMES[role]).join(', ');
  const own = member.userId === reader.userId;
  return (
    <li className="flex items-center gap-3 border-t border-hair py-2">
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-2">
          <span className="truncate font-medium">{member.name}</span>
          {own && <Tag>You</Tag>}
        </span>
        <span className="block truncate text-xs leading-5 text-text-3">
          {[member.title === roles ? null : member.title, member.email].filter(Boolean).join(' · ')}
        </span>
      </span>
      <span className="max-w-[40%] text-right text-pretty text-text-2">{roles}</span>
      {mayChange && <MemberMenu member={member} roles={ROLE_OPTIONS} own={own} />}
    </li>
  );
}
