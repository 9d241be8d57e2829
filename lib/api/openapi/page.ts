import type { JsonSchema } from './schema.ts';

const escaped = (text: string): string =>
  text.replace(
    /[&<>"]/g,
    (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign,
  );

const STYLE = `:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
code,pre{font-family:ui-monospace,monospace;font-size:13px}pre{overflow-x:auto;padding:.75rem;border:1px solid color-mix(in srgb,currentColor 20%,transparent);border-radius:6px}
summary{cursor:pointer;padding:.35rem 0;overflow-wrap:anywhere}h2{margin-top:2rem}b{display:inline-block;min-width:4.5em}`;

interface Operation {
  tags: string[];
  description: string;
  requestBody?: { content: { 'application/json': { schema: JsonSchema } } };
}

/** The document as one page that needs no script and nothing from elsewhere. */
export function referencePage(document: JsonSchema): string {
  const byTag = new Map<string, string[]>();
  for (const [path, operations] of Object.entries(document.paths as Record<string, object>)) {
    for (const [method, operation] of Object.entries(operations as Record<string, Operation>)) {
      const tag = operation.tags[0] ?? '';
      byTag.set(tag, [...(byTag.get(tag) ?? []), operationHtml(method, path, operation)]);
    }
  }
  const sections = [...byTag]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([tag, items]) => `<h2>${escaped(tag.replaceAll('_', ' '))}</h2>${items.join('')}`);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>API reference, Counterfoil</title><style>${STYLE}</style></head><body><main><h1>API reference</h1>
<p>Every route this server answers, with what a write takes. The same as a document: <a href="openapi.json">openapi.json</a>.
Calls carry <code>Authorization: Bearer</code> and a key; writes may carry an <code>Idempotency-Key</code>.</p>
${sections.join('\n')}</main></body></html>`;
}

function operationHtml(method: string, path: string, { description, requestBody }: Operation): string {
  const schema = requestBody?.content['application/json'].schema;
  const body = schema ? `<pre>${escaped(JSON.stringify(schema, null, 2))}</pre>` : '';
  return `<details><summary><b>${method.toUpperCase()}</b><code>${escaped(path)}</code></summary><p>${escaped(description)}</p>${body}</details>`;
}
