/** Text as it may stand on paper. */

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
/** Signs that the font draws with the glyph of another: one glyph, one meaning, so that copied text is right. */
const TWINS: Record<string, string> = { '\u02bc': '’', '\u02ee': '”', '\u2206': 'Δ', '\u2126': 'Ω' };

/** One line of text without what cannot be seen or would turn it around, and not longer than anybody reads. */
export function plain(text: string, longest = 400): string {
  const said = text
    .slice(0, longest * 4)
    .normalize('NFC')
    .replace(/[\n\r\t]+/g, ' ')
    .replace(INVISIBLE, '')
    .replace(/[\u02bc\u02ee\u2206\u2126]/g, (sign) => TWINS[sign] ?? sign)
    .replace(/ {2,}/g, ' ')
    .trim();
  const characters = [...said];
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : said;
}

/**
 * The text with signs that a font does not have written as their Unicode numbers: "東京" as "[6771 4EAC]". Nothing vanishes
 * and nothing becomes a box that could be anything.
 */
export function spelled(text: string, has: (codePoint: number) => boolean): string {
  if (/^[ -~]*$/.test(text)) return text;
  let said = '';
  let numbers: string[] = [];
  const tell = () => {
    if (numbers.length > 0) said += `[${numbers.join(' ')}]`;
    numbers = [];
  };
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    if (has(codePoint)) {
      tell();
      said += character;
    } else {
      numbers.push(codePoint.toString(16).toUpperCase().padStart(4, '0'));
    }
  }
  tell();
  return said;
}

/** Between words, but not inside a sum: "17 ÷ 31" stays together. */
const BREAK = /(?<![×÷]) (?![×÷])/;

/**
 * Breaks text into lines of at most `width`, between words, and inside a word that is wider than a line. `widthOf` measures.
 */
export function wrap(text: string, width: number, widthOf: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(BREAK)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = breakWord(word, width, widthOf);
    line = pieces.pop() ?? '';
    lines.push(...pieces);
  }
  if (line !== '' || lines.length === 0) lines.push(line);
  return lines;
}

function breakWord(word: string, width: number, widthOf: (text: string) => number): string[] {
  if (widthOf(word) <= width) return [word];
  const pieces: string[] = [];
  let piece = '';
  for (const character of word) {
    if (piece !== '' && widthOf(piece + character) > width) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...pieces, piece];
}
