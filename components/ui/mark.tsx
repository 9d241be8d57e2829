/** The ticket: a filled stub with a row of perforations, cut out in the colour of what it lies on. */
export function Mark({ size = 20, on = 'surface' }: { size?: 20 | 24; on?: 'surface' | 'canvas' }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" className="flex-none">
      <rect x="1" y="3" width="18" height="14" rx="3" fill="var(--c-act)" />
      <g fill={`var(--c-${on})`}>
        {[5.6, 8.55, 11.5, 14.45].map((cy) => (
          <circle key={cy} cx="7.2" cy={cy} r=".95" />
        ))}
      </g>
    </svg>
  );
}
