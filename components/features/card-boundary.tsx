'use client';

import { useRouter } from 'next/navigation';
import { Component, type ReactNode, useTransition } from 'react';
import { Button } from '../ui/button';

interface BoundaryProps {
  /** What did not load, as the sentence begins: "The next bill". */
  what: string;
  children: ReactNode;
  /** Keeps the room the card would take. */
  className?: string;
}

/** One card fails alone: says what did not load, that nothing was changed, and offers to try again. */
export class CardBoundary extends Component<BoundaryProps, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <div role="alert" className={this.props.className}>
        <p className="font-medium">{this.props.what} did not load</p>
        <p className="mt-0.5 text-text-2">Nothing was changed. The rest of the page works.</p>
        <Retry onRetry={() => this.setState({ failed: false })} />
      </div>
    );
  }
}

function Retry({ onRetry }: { onRetry: () => void }) {
  const router = useRouter();
  const [waiting, startTransition] = useTransition();
  return (
    <Button
      size="sm"
      className="mt-2"
      running={waiting ? 'Trying again' : undefined}
      onClick={() =>
        startTransition(() => {
          router.refresh();
          onRetry();
        })
      }
    >
      Try again
    </Button>
  );
}
