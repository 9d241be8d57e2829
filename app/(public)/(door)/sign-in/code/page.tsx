import type { Metadata } from 'next';
import { cookies } from 'next/headers';
import Link from 'next/link';
import { redirect } from 'next/navigation';
import { FieldForm } from '@/components/forms/field-form';
import { readChallenge } from '@/lib/auth/challenge';
import { safePath } from '@/lib/auth/origin';
import { challengeCookieName } from '@/lib/auth/session-cookie-name';
import { nextQuery } from '../../_enter/enter';
import { signInByCode } from '../actions';

export const metadata: Metadata = { title: 'Your code' };

export default async function CodePage({ searchParams }: { searchParams: Promise<{ next?: string }> }) {
  const { next } = await searchParams;
  const challenge = (await cookies()).get(challengeCookieName())?.value;
  if (!challenge || !readChallenge(challenge, Date.now())) redirect(`/sign-in${nextQuery(next)}`);
  return (
    <>
      <h1 className="text-xl">Your code</h1>
      <p className="mt-1 text-base text-text-2">
        Six digits from your authenticator app, or one of your recovery codes.
      </p>
      <FieldForm
        action={signInByCode}
        tall
        className="mt-7"
        hidden={{ next: safePath(next) }}
        submit="Sign in"
        running="Signing in"
        fields={[
          {
            name: 'code',
            label: 'Code',
            autoComplete: 'one-time-code',
            autoFocus: true,
            maxLength: 14,
          },
        ]}
      />
      <p className="mt-7 text-xs leading-5 text-text-3">
        Somebody else?{' '}
        <Link href={`/sign-in${nextQuery(next)}`} className="underline underline-offset-3 hover:text-text">
          Sign in with another address
        </Link>
      </p>
    </>
  );
}
