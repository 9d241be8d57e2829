import type { JsonSchema } from './schema.ts';

export const escaped = (text: string): string =>
  text.replace(
    /[&<>"]/g,
    (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign,
  );

interface Node {
  $ref?: string;
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  anyOf?: Node[];
  oneOf?: Node[];
  items?: Node;
  properties?: Record<string, Node>;
  additionalProperties?: Node | boolean;
  required?: string[];
  description?: string;
  maxLength?: number;
  maxItems?: number;
  default?: unknown;
}

/** Where a named schema stands on the page. */
export const anchorOf = (name: string): string => `schema-${name}`;

/** A schema in words: what it is, and under it its members, each with theirs. */
export function schemaHtml(schema: JsonSchema): string {
  const node = schema as Node;
  const members = membersOf(node);
  return members === '' ? `<p>${typeHtml(node)}</p>` : members;
}

/** The members of an object, of the objects in a list, or of either of two. */
function membersOf(node: Node): string {
  if (node.properties) return listHtml(node);
  if (node.items) return membersOf(node.items);
  if (node.additionalProperties && node.additionalProperties !== true)
    return membersOf(node.additionalProperties);
  const either = choices(node).map(membersOf).filter(Boolean);
  return either.join('<p class="or">or</p>');
}

function choices({ anyOf, oneOf }: Node): Node[] {
  return anyOf ?? oneOf ?? [];
}

function listHtml({ properties = {}, required = [] }: Node): string {
  const items = Object.entries(properties).map(([name, node]) => {
    const must = required.includes(name) ? '' : ' <i>optional</i>';
    const what = `<code>${escaped(name)}</code> <span>${typeHtml(node)}</span>${must}${noteHtml(node)}`;
    return `<li>${what}${membersOf(node)}</li>`;
  });
  return `<ul>${items.join('')}</ul>`;
}

function noteHtml(node: Node): string {
  const notes = [
    node.description,
    node.maxLength === undefined || node.maxLength >= 10_000
      ? undefined
      : `At most ${node.maxLength} characters.`,
    node.default === undefined ? undefined : `${JSON.stringify(node.default)} when left out.`,
  ].filter((note) => note !== undefined);
  return notes.length > 0 ? ` <small>${escaped(notes.join(' '))}</small>` : '';
}

function typeHtml(node: Node): string {
  if (node.$ref) {
    const name = node.$ref.split('/').at(-1) ?? '';
    return `<a href="#${anchorOf(name)}">${escaped(name)}</a>`;
  }
  if (node.enum) return node.enum.map((word) => `<q>${escaped(String(word))}</q>`).join(' or ');
  const either = choices(node);
  if (either.length > 0) return either.map(typeHtml).join(' or ');
  return [node.type ?? 'anything']
    .flat()
    .map((type) => oneType(type, node))
    .join(' or ');
}

function oneType(type: string, { items, maxItems, format, additionalProperties }: Node): string {
  if (type === 'array')
    return maxItems === 0 ? 'empty list' : `list of ${items ? typeHtml(items) : 'anything'}`;
  if (type === 'string') return escaped(format ?? 'text');
  if (type === 'object' && additionalProperties && additionalProperties !== true) {
    return `map to ${typeHtml(additionalProperties)}`;
  }
  return type;
}
