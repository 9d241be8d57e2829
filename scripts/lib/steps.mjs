/** A duration for people: "0.4 s", "1 min 5 s". */
export function duration(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

let givenUp = false;

/** From now on a step that ends early was stopped, it did not fail by itself. */
export function giveUp() {
  givenUp = true;
}

/**
 * Does one step of a bring-up and reports it in one line when it is over, with what was really done.
 * @template T
 * @param {string} title shown at once for a step that may take long, and again with the outcome
 * @param {() => Promise<T>} work
 * @param {(result: T) => string} [outcome] what was done, when the title does not say it all
 * @returns {Promise<T>}
 */
export async function step(title, work, outcome) {
  const start = Date.now();
  const late = setTimeout(() => console.log(`  …  ${title}`), 1500);
  try {
    const result = await work();
    console.log(`  ✓  ${outcome?.(result) ?? title} (${duration(Date.now() - start)})`);
    return result;
  } catch (error) {
    const took = duration(Date.now() - start);
    console.log(givenUp ? `  –  ${title}: stopped after ${took}` : `  ✗  ${title} (${took})`);
    throw error;
  } finally {
    clearTimeout(late);
  }
}
