import type { Metadata } from 'next';
import { FieldForm, type FieldSpec } from '@/components/forms/field-form';
import { ButtonLink } from '@/components/ui/button';
import { databases } from '@/db/process';
import { withSystem } from '@/db/tenancy';
import { findInvitation } from '@/lib/auth/invitations';
import { ROLE_NAMES } from '@/lib/auth/rights';
import { accept } from './actions';

export const metadata: Metadata = { title: 'Your invitation', referrer: 'no-referrer' };

const NEW_PERSON: FieldSpec[] = [
  { name: 'name', label: 'Your name', autoComplete: 'name', autoFocus: true, maxLength: 120 },
  {
    name: 'password',
    label: 'Choose a password',
    type: 'password',
    autoComplete: 'new-password',
    hint: 'At least 8 characters, 12 or more is better. A few words in a row work well.',
  },
];
const KNOWN_PERSON: FieldSpec[] = [
  {
    name: 'password',
    label: 'Your password here',
    type: 'password',
    autoComplete: 'current-password',
    autoFocus: true,
    hint: 'You have an account with this address already.',
  },
];

export default async function InvitePage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const invitation = await withSystem(databases(), (tx) => findInvitation(tx, token, Date.now()));
  if (!invitation) {
    return (
      <>
        <h1 className="text-xl">This invitation is over</h1>
        <p className="mt-1 mb-7 text-base text-pretty text-text-2">
          It was used already, taken back, or more than a week has passed. Ask the person who sent it for
          another.
        </p>
        <ButtonLink href="/sign-in" size="lg" className="w-full">
          Go to sign-in
        </ButtonLink>
      </>
    );
  }
  const email: FieldSpec = {
    name: 'email',
    label: 'Work email',
    type: 'email',
    autoComplete: 'username',
    defaultValue: invitation.email,
    readOnly: true,
  };
  return (
    <>
      <h1 className="text-xl">Join {invitation.organizationName}</h1>
      <p className="mt-1 text-base text-text-2">
        As {invitation.roles.map((role) => ROLE_NAMES[role].toLowerCase()).join(' and ')}.
      </p>
      <FieldForm
        action={accept}
        tall
        className="mt-7"
        hidden={{ token }}
        submit={`Join ${invitation.organizationName}`}
        running="Joining"
        fields={[email, ...(invitation.userId ? KNOWN_PERSON : NEW_PERSON)]}
      />
    </>
  );
}
