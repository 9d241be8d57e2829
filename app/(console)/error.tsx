'use client';

import { useRouter } from 'next/navigation';
import { useTransition } from 'react';
import { PageColumn, PageMain } from '@/components/shell/shell';
import { TopBar } from '@/components/shell/top-bar';
import { Button, ButtonLink } from '@/components/ui/button';
import { ErrorState } from '@/components/ui/waiting';

/** A page that did not load: what still works, that nothing was changed, and the way on. */
export default function ConsoleError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  const router = useRouter();
  const [waiting, startTransition] = useTransition();
  const again = () =>
    startTransition(() => {
      router.refresh();
      reset();
    });
  return (
    <PageColumn>
      <TopBar title="Not loaded" />
      <PageMain>
        <ErrorState
          title="This page did not load"
          reference={error.digest}
          actions={
            <>
              <Button onClick={again} running={waiting ? 'Trying again' : undefined}>
                Try again
              </Button>
              <ButtonLink tone="quiet" href="/">
                Open Today
              </ButtonLink>
            </>
          }
        >
          Nothing was changed and nothing was charged. Other pages may work; what you typed is kept.
        </ErrorState>
      </PageMain>
    </PageColumn>
  );
}
