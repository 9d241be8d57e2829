import type { Metadata } from 'next';
import Link from 'next/link';
import { FieldForm } from '@/components/forms/field-form';
import { Note } from '@/components/ui/surface';
import { mail } from '@/lib/adapters/mail/mail';
import { forgot } from './actions';

export const metadata: Metadata = { title: 'Choose a new password' };

export default function ForgotPage() {
  return (
    <>
      <h1 className="text-xl">Choose a new password</h1>
      <p className="mt-1 text-base text-pretty text-text-2">
        We mail you a link that works once, for one hour.
      </p>
      {!mail().configured && (
        <Note warn className="mt-5">
          This server has no mail server yet, so no link can be mailed. Whoever runs it sets SMTP_URL.
        </Note>
      )}
      <FieldForm
        action={forgot}
        tall
        className="mt-7"
        submit="Mail me a link"
        running="Mailing"
        fields={[
          {
            name: 'email',
            label: 'Work email',
            type: 'email',
            inputMode: 'email',
            autoComplete: 'username',
            autoFocus: true,
          },
        ]}
      />
      <p className="mt-7 text-xs leading-5 text-text-3">
        <Link href="/sign-in" className="underline underline-offset-3 hover:text-text">
          Back to sign-in
        </Link>
      </p>
    </>
  );
}
