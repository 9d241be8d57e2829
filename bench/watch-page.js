// Runs in a measured page before its own scripts, and keeps what the browser says of it. Not a module: the browser takes
// it as it stands.

window.watched = {
  lcp: 0,
  cls: 0,
  inp: 0,
  scriptBytes: () =>
    performance
      .getEntriesByType('resource')
      .filter(({ name }) => new URL(name).pathname.endsWith('.js'))
      .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
};

for (const [type, read] of [
  ['largest-contentful-paint', ({ startTime }) => (window.watched.lcp = startTime)],
  ['layout-shift', ({ value, hadRecentInput }) => (window.watched.cls += hadRecentInput ? 0 : value)],
  ['event', ({ duration }) => (window.watched.inp = Math.max(window.watched.inp, duration))],
]) {
  const options = { type, buffered: true, ...(type === 'event' && { durationThreshold: 16 }) };
  new PerformanceObserver((list) => list.getEntries().forEach(read)).observe(options);
}
