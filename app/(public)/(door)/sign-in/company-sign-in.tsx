'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Building2Icon } from '@/components/ui/icons';
import { Note } from '@/components/ui/surface';

/** Asks next-auth for the identity provider's address, with its token against forgery. */
async function providerAddress(next: string): Promise<string> {
  const token = await fetch('/api/auth/csrf');
  const { csrfToken } = (await token.json()) as { csrfToken: string };
  const answer = await fetch('/api/auth/signin/oidc', {
    method: 'POST',
    body: new URLSearchParams({ csrfToken, callbackUrl: next, json: 'true' }),
  });
  const { url } = (await answer.json()) as { url: string };
  return url;
}

/** Goes to the company's identity provider. */
export function CompanySignIn({ name, next }: { name: string; next: string }) {
  const [state, setState] = useState<'ready' | 'going' | 'failed'>('ready');
  const go = async () => {
    setState('going');
    try {
      location.assign(await providerAddress(next));
    } catch {
      setState('failed');
    }
  };
  return (
    <>
      <Button
        size="lg"
        className="w-full"
        icon={<Building2Icon className="text-text-3" />}
        running={state === 'going' ? 'Going to your company' : undefined}
        onClick={go}
      >
        Sign in with {name}
      </Button>
      {state === 'failed' && (
        <Note warn role="alert" className="mt-3">
          Your company’s sign-in does not answer. Try again, or use your password.
        </Note>
      )}
    </>
  );
}
