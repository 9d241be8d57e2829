/** Something that must hold of an organisation's money: a statement that returns no row. `:org` stands for its id. */
export interface Invariant {
  /** A sentence, as the page that shows the books says it. */
  name: string;
  /** Rows are what is wrong: `subject` (an id) and `detail`. */
  sql: string;
}
