import { anchorOf, escaped, schemaHtml } from './fields-html.ts';
import type { JsonSchema } from './schema.ts';

const STYLE = `:root{color-scheme:light dark;--line:color-mix(in srgb,currentColor 18%,transparent);--quiet:color-mix(in srgb,currentColor 68%,transparent)}
*{box-sizing:border-box}body{font:15px/1.5 system-ui,sans-serif;max-width:64rem;margin:0 auto;padding:1.5rem 1rem 4rem;overflow-wrap:anywhere}
code{font-family:ui-monospace,monospace;font-size:.87em}a{color:inherit;text-underline-offset:2px}
nav{display:flex;flex-wrap:wrap;gap:.25rem .9rem;margin:1rem 0}h2{margin:2.25rem 0 .25rem;}h2::first-letter{text-transform:uppercase}h3{font-size:1em;margin:1rem 0 .25rem}
details{border-top:1px solid var(--line)}details>div{padding:0 0 1.25rem}
summary{cursor:pointer;padding:.5rem 0;display:grid;grid-template-columns:6.5rem 1fr auto;gap:0 .75rem;align-items:baseline}
summary b{font-size:.8em;letter-spacing:.03em}summary span,small,i,.or{color:var(--quiet)}small,i{font-size:.87em}.or{margin:.25rem 0}
ul{list-style:none;margin:.25rem 0;padding:0 0 0 .9rem;border-left:1px solid var(--line)}li{padding:.12rem 0}li>code{font-weight:600;margin-right:.2rem}li>span{font-size:.93em}q{quotes:none;font-family:ui-monospace,monospace;font-size:.85em}
:focus-visible{outline:2px solid;outline-offset:2px}:target{scroll-margin-top:1rem}
@media(max-width:40rem){summary{grid-template-columns:1fr;padding:.6rem 0}ul{padding-left:.6rem}}`;

interface Parameter {
  $ref?: string;
  name?: string;
  in?: string;
  schema?: JsonSchema;
}

interface Operation {
  tags: string[];
  summary: string;
  description: string;
  parameters: Parameter[];
  requestBody?: { required: boolean; content: { 'application/json': { schema: JsonSchema } } };
  responses: Record<string, { content?: Record<string, { schema: JsonSchema }> }>;
}

/** The document as one page that needs no script and nothing from elsewhere. */
export function referencePage(document: JsonSchema): string {
  const byTag = new Map<string, string[]>();
  for (const [path, operations] of Object.entries(document.paths as Record<string, object>)) {
    for (const [methods, operation] of merged(operations as Record<string, Operation>)) {
      const tag = operation.tags[0] ?? '';
      byTag.set(tag, [...(byTag.get(tag) ?? []), operationHtml(methods, path, operation)]);
    }
  }
  const sections = [...byTag].sort(([a], [b]) => a.localeCompare(b));
  const { schemas } = document.components as { schemas: Record<string, JsonSchema> };
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>API reference, Counterfoil</title><style>${STYLE}</style></head><body><main><h1>API reference</h1>
<p>Every route this server answers, with what it takes and answers. The same as a document: <a href="openapi.json">openapi.json</a>.
Calls carry <code>Authorization: Bearer</code> and a key; writes may carry an <code>Idempotency-Key</code>. Every refusal is an
<a href="#${anchorOf('Error')}">Error</a>.</p>
<nav aria-label="Resources">${sections.map(([tag]) => `<a href="#${slug(tag)}">${escaped(humane(tag))}</a>`).join('')}<a href="#objects">Objects</a></nav>
${sections.map(([tag, items]) => `<h2 id="${slug(tag)}">${escaped(humane(tag))}</h2>${items.join('')}`).join('\n')}
<h2 id="objects">Objects</h2>
${Object.entries(schemas).map(objectHtml).join('\n')}</main></body></html>`;
}

const humane = (name: string): string => name.replaceAll('_', ' ');
const slug = (tag: string): string => `on-${tag.toLowerCase().replace(/[^a-z]+/g, '-')}`;

/** PATCH on the same path is PUT by another name. */
function merged(operations: Record<string, Operation>): [string, Operation][] {
  const twins = operations.put && operations.patch;
  return Object.entries(operations).flatMap(([method, operation]): [string, Operation][] => {
    if (twins && method === 'patch') return [];
    return [[twins && method === 'put' ? 'PUT, PATCH' : method.toUpperCase(), operation]];
  });
}

function operationHtml(methods: string, path: string, operation: Operation): string {
  const { summary, description, requestBody } = operation;
  const takes = requestBody?.content['application/json'].schema;
  const optional = requestBody && !requestBody.required ? ', which may be left out' : '';
  const parts = [
    `<p>${escaped(description)}</p>`,
    queryHtml(operation.parameters),
    takes ? `<h3>Body${optional}</h3>${schemaHtml(takes)}` : '',
    answerHtml(operation.responses['200']),
  ];
  return `<details><summary><b>${methods}</b><code>${escaped(path)}</code><span>${escaped(summary)}</span></summary><div>${parts.join('')}</div></details>`;
}

function queryHtml(parameters: Parameter[]): string {
  const names = parameters.flatMap(({ $ref, name, in: place }) => {
    if (place === 'query') return [name ?? ''];
    return $ref && !$ref.endsWith('/IdempotencyKey') ? [$ref.split('/').at(-1) ?? ''] : [];
  });
  if (names.length === 0) return '';
  return `<h3>Query</h3><p>${names.map((name) => `<code>${escaped(name)}</code>`).join(', ')}</p>`;
}

function answerHtml(response: Operation['responses'][string] | undefined): string {
  if (!response) return '<h3>Answer</h3><p>Always a refusal in this version; its code says why.</p>';
  if (!response.content) return '<h3>Answer</h3><p>200 and no body.</p>';
  const json = response.content['application/json'];
  return `<h3>Answer</h3>${json ? schemaHtml(json.schema) : '<p>Plain text.</p>'}`;
}

function objectHtml([name, schema]: [string, JsonSchema]): string {
  return `<details open id="${anchorOf(name)}"><summary><b>Object</b><code>${escaped(name)}</code></summary><div>${schemaHtml(schema)}</div></details>`;
}
