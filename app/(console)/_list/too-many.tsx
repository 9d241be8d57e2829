/** In the place of totals, when words found more than are added up. */
export function TooManyToAddUp({ most, what }: { most: number; what: string }) {
  return (
    <p className="mt-2 flex-none border-t border-line py-2.5 text-pretty text-text-2">
      More than {most.toLocaleString('en-US')} {what} match. Say more words to see what they add up to.
    </p>
  );
}
