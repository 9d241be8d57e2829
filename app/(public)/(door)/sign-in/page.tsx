import type { Metadata } from 'next';
import Link from 'next/link';
import { redirect } from 'next/navigation';
import { FieldForm } from '@/components/forms/field-form';
import { Note } from '@/components/ui/surface';
import { databases } from '@/db/process';
import { withSystem } from '@/db/tenancy';
import { currentPerson } from '@/lib/auth/current';
import { oidcSettings } from '@/lib/auth/oidc';
import { onlyOrganizationName } from '@/lib/auth/organizations';
import { safePath } from '@/lib/auth/origin';
import { signIn } from './actions';
import { CompanySignIn } from './company-sign-in';

export const metadata: Metadata = { title: 'Sign in' };

const ERRORS: Record<string, string> = {
  unverified:
    'Your company did not confirm your address. Ask whoever runs its sign-in, or use your password.',
  no_membership: 'This address is not a member of an organisation here. A founder can invite you.',
};

interface SignInProps {
  searchParams: Promise<{ next?: string; error?: string; changed?: string }>;
}

export default async function SignInPage({ searchParams }: SignInProps) {
  const { next, error, changed } = await searchParams;
  if (await currentPerson()) redirect(safePath(next));
  const organization = await withSystem(databases(), onlyOrganizationName);
  if (organization.none) redirect('/welcome');
  const oidc = oidcSettings();
  return (
    <>
      <h1 className="text-xl">{organization.name ? `Sign in to ${organization.name}` : 'Sign in'}</h1>
      <p className="mt-1 text-base text-text-2">With the address your team invited.</p>
      {error && (
        <Note warn role="alert" className="mt-5">
          {ERRORS[error] ?? 'Sign-in did not work. Try again.'}
        </Note>
      )}
      {changed !== undefined && (
        <Note role="status" className="mt-5">
          Your new password is set. Sign in with it.
        </Note>
      )}
      <FieldForm
        action={signIn}
        tall
        className="mt-7"
        hidden={{ next: safePath(next) }}
        submit="Sign in"
        running="Signing in"
        fields={[
          {
            name: 'email',
            label: 'Work email',
            type: 'email',
            inputMode: 'email',
            autoComplete: 'username',
            autoFocus: true,
          },
          {
            name: 'password',
            label: 'Password',
            type: 'password',
            autoComplete: 'current-password',
            aside: (
              <Link href="/forgot" className="text-text-2 underline underline-offset-3 hover:text-text">
                Forgot it?
              </Link>
            ),
          },
        ]}
      />
      {oidc && (
        <>
          <p className="my-5 flex items-center gap-3 text-xs text-text-3">
            <span className="h-px flex-1 bg-line" />
            or
            <span className="h-px flex-1 bg-line" />
          </p>
          <CompanySignIn name={oidc.name} next={safePath(next)} />
        </>
      )}
      <p className="mt-7 text-xs leading-5 text-text-3">
        Not invited yet? A founder of your organisation can add you.
      </p>
    </>
  );
}
