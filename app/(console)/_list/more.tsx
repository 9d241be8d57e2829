import { ButtonLink } from '@/components/ui/button';

/** Keyset paging in words: back to the start, on to the next rows. */
export function More({ first, next }: { first: string | null; next: string | null }) {
  if (!first && !next) return null;
  return (
    <nav aria-label="Pages" className="mt-3 flex gap-2">
      {first && (
        <ButtonLink size="sm" tone="quiet" href={first}>
          Back to the start
        </ButtonLink>
      )}
      {next && (
        <ButtonLink size="sm" href={next}>
          Next 50
        </ButtonLink>
      )}
    </nav>
  );
}
