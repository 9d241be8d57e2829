/** The list as it is filtered now, all of it, as a file. Not on phones, which have nowhere to put it. */
export function ExportLink({ href, count }: { href: string; count: number }) {
  if (count === 0) return null;
  return (
    <a href={href} download className="btn btn-sm max-md:hidden">
      Export {count.toLocaleString('en-US')}
    </a>
  );
}
