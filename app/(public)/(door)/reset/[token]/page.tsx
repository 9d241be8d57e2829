import type { Metadata } from 'next';
import { FieldForm } from '@/components/forms/field-form';
import { ButtonLink } from '@/components/ui/button';
import { databases } from '@/db/process';
import { withSystem } from '@/db/tenancy';
import { isResetUsable } from '@/lib/auth/password-reset';
import { reset } from './actions';

export const metadata: Metadata = { title: 'Choose a new password', referrer: 'no-referrer' };

export default async function ResetPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const usable = await withSystem(databases(), (tx) => isResetUsable(tx, token, Date.now()));
  if (!usable) {
    return (
      <>
        <h1 className="text-xl">This link is over</h1>
        <p className="mt-1 mb-7 text-base text-pretty text-text-2">
          It was used already, or more than an hour has passed. Your password is as it was.
        </p>
        <ButtonLink href="/forgot" tone="act" size="lg" className="w-full">
          Mail me another link
        </ButtonLink>
      </>
    );
  }
  return (
    <>
      <h1 className="text-xl">Choose a new password</h1>
      <p className="mt-1 text-base text-pretty text-text-2">You are then signed out everywhere else.</p>
      <FieldForm
        action={reset}
        tall
        className="mt-7"
        hidden={{ token }}
        submit="Set the new password"
        running="Setting it"
        fields={[
          {
            name: 'password',
            label: 'New password',
            type: 'password',
            autoComplete: 'new-password',
            autoFocus: true,
            hint: 'At least 8 characters, 12 or more is better. A few words in a row work well.',
          },
          { name: 'again', label: 'Once more', type: 'password', autoComplete: 'new-password' },
        ]}
      />
    </>
  );
}
