import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { create, type Font, type Glyph, type GlyphRun } from 'fontkit';

export type FontName = 'regular' | 'medium' | 'semibold';
export const FONT_NAMES: readonly FontName[] = ['regular', 'medium', 'semibold'];

const FILES: Record<FontName, string> = {
  regular: 'Inter-Regular.ttf',
  medium: 'Inter-Medium.ttf',
  semibold: 'Inter-SemiBold.ttf',
};
const FOLDER = join(process.cwd(), 'lib/adapters/documents/fonts');
/** Runs that are kept; documents say the same words again and again, and setting one costs more than drawing it. */
const KEPT_RUNS = 20_000;

type Run = Pick<GlyphRun, 'glyphs' | 'positions' | 'advanceWidth'>;

const loaded = new Map<FontName, Font>();

/**
 * One of the document's fonts, read from its file once a process. Throws when the file is not there: the server runs in
 * the project's folder.
 */
export function documentFont(name: FontName): Font {
  let font = loaded.get(name);
  if (!font) {
    const opened = create(readFileSync(join(FOLDER, FILES[name])));
    if (!('layout' in opened)) throw new Error(`${FILES[name]} holds a collection where one font is needed.`);
    font = remembering(opened);
    loaded.set(name, font);
  }
  return font;
}

/** Whether the documents' fonts have the sign; all of them have the same. */
export const isDrawable = (codePoint: number): boolean =>
  documentFont('regular').hasGlyphForCodePoint(codePoint);

/**
 * The run with each glyph saying which character it stands for. The library names a glyph once a process, by whoever drew it
 * first, also as a mere part of another; a file must not depend on what was drawn before it. These fonts have one glyph a
 * character.
 */
function named({ glyphs, positions, advanceWidth }: GlyphRun, text: string): Run {
  const characters = [...text].map((character) => character.codePointAt(0) ?? 0);
  return {
    glyphs: glyphs.map((glyph, at): Glyph => {
      const codePoints = [characters[at] ?? 0];
      return Object.create(glyph, { codePoints: { value: codePoints } });
    }),
    positions,
    advanceWidth,
  };
}

/**
 * The same font, which sets a run of text once and then remembers it. With features (only tabular figures are asked for)
 * each character stands for itself, so figures are put together from remembered characters.
 */
function remembering(font: Font): Font {
  const runs = new Map<string, Run>();
  const lay = (text: string, features: string[]): Run => {
    const key = `${features.join()} ${text}`;
    let run = runs.get(key);
    if (!run) {
      if (runs.size >= KEPT_RUNS) runs.clear();
      run = named(font.layout(text, features), text);
      runs.set(key, run);
    }
    return run;
  };
  const layout = (text: string, features?: string[]): Run => {
    const parts = features ? [...text].map((character) => lay(character, features)) : [lay(text, [])];
    // The writer scales positions in place, and takes the width from them afterwards.
    const positions = parts.flatMap((part) => part.positions.map((position) => ({ ...position })));
    return {
      glyphs: parts.flatMap(({ glyphs }) => glyphs),
      positions,
      get advanceWidth() {
        return positions.reduce((sum, { xAdvance }) => sum + xAdvance, 0);
      },
    };
  };
  return Object.create(font, { layout: { value: layout } }) as Font;
}
