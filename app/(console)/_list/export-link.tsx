/** The list as it is filtered now, all of it, as a file; `count` is null when it was not counted. Not on phones. */
export function ExportLink({ href, count }: { href: string; count: number | null }) {
  if (count === 0) return null;
  return (
    <a href={href} download className="btn btn-sm max-md:hidden">
      Export {count === null ? 'all' : count.toLocaleString('en-US')}
    </a>
  );
}
