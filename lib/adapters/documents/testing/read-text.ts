import { inflateSync } from 'node:zlib';

/** The text of a PDF as a reader copies it: through each font's own table, page by page, piece by piece as it was set. */
export function readText(file: Buffer): string[][] {
  const objects = readObjects(file);
  const pages = [...objects.values()].filter(({ head }) => /\/Type \/Page\b/.test(head));
  return pages.map(({ head }) => {
    const fonts = fontsOf(follow(head, 'Resources', objects)?.head ?? head, objects);
    return setPieces(follow(head, 'Contents', objects)?.stream ?? '', fonts);
  });
}

interface PdfObject {
  head: string;
  stream: string;
}
type Objects = Map<string, PdfObject>;

function readObjects(file: Buffer): Objects {
  const text = file.toString('latin1');
  const objects: Objects = new Map();
  for (const [, number = '', body = ''] of text.matchAll(/(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) {
    const [head = '', rest] = body.split('\nstream\n');
    const packed = rest?.slice(0, rest.lastIndexOf('\nendstream'));
    const isPacked = head.includes('/FlateDecode');
    const stream =
      packed === undefined
        ? ''
        : isPacked
          ? inflateSync(Buffer.from(packed, 'latin1')).toString('latin1')
          : packed;
    objects.set(number, { head, stream });
  }
  return objects;
}

function follow(head: string, name: string, objects: Objects): PdfObject | undefined {
  const [, number] = new RegExp(`/${name} (\\d+) 0 R`).exec(head) ?? [];
  return number ? objects.get(number) : undefined;
}

/** Which characters the glyphs of each font stand for. */
function fontsOf(resources: string, objects: Objects): Map<string, string[]> {
  const fonts = new Map<string, string[]>();
  for (const [, name = '', number = ''] of resources.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
    const table = follow(objects.get(number)?.head ?? '', 'ToUnicode', objects)?.stream ?? '';
    const characters = [...table.matchAll(/\[(.*?)\]/gs)].flatMap(([, list = '']) =>
      [...list.matchAll(/<([\dA-Fa-f ]*)>/g)].map(([, codes = '']) =>
        String.fromCharCode(
          ...codes
            .split(' ')
            .filter(Boolean)
            .map((code) => Number.parseInt(code, 16)),
        ),
      ),
    );
    fonts.set(name, characters);
  }
  return fonts;
}

function setPieces(stream: string, fonts: Map<string, string[]>): string[] {
  const pieces: string[] = [];
  let font: string[] = [];
  for (const [, name, glyphs] of stream.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
    if (name) font = fonts.get(name) ?? [];
    if (glyphs === undefined) continue;
    const codes = [...glyphs.matchAll(/<([\da-f]*)>/gi)].map(([, hex = '']) => hex).join('');
    const said = codes.match(/.{4}/g) ?? [];
    pieces.push(said.map((code) => font[Number.parseInt(code, 16)] ?? '').join(''));
  }
  return pieces;
}
