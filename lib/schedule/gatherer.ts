export type Settled<R> = { ok: true; value: R } | { ok: false; error: unknown };

interface Waiting<T, R> {
  item: T;
  settle(settled: Settled<R>): void;
}

/**
 * Does together what waits for the same thing: while a group of a key is being worked, what arrives for it goes into the next
 * one. Groups of one key follow each other; keys have nothing to do with one another.
 */
export class Gatherer<T, R> {
  private readonly queues = new Map<string, Waiting<T, R>[]>();

  /** `work` answers a group item by item, in its order; what it throws is every item's answer. */
  constructor(
    private readonly most: number,
    private readonly work: (items: T[]) => Promise<Settled<R>[]>,
  ) {}

  add(key: string, item: T): Promise<R> {
    return new Promise((resolve, reject) => {
      const settle = (settled: Settled<R>) => (settled.ok ? resolve(settled.value) : reject(settled.error));
      const queue = this.queues.get(key);
      if (queue) {
        queue.push({ item, settle });
        return;
      }
      this.queues.set(key, [{ item, settle }]);
      void this.drain(key);
    });
  }

  /** Lingers for the rest of each turn, in which more may arrive. */
  private async drain(key: string): Promise<void> {
    const queue = this.queues.get(key) ?? [];
    while (queue.length > 0) {
      await new Promise((resolve) => setImmediate(resolve));
      const group = queue.splice(0, this.most);
      const settled = await this.answers(group.map(({ item }) => item));
      for (const [place, { settle }] of group.entries()) {
        settle(settled[place] ?? { ok: false, error: new Error('an item of the group was lost') });
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.queues.delete(key);
  }

  private async answers(items: T[]): Promise<Settled<R>[]> {
    try {
      return await this.work(items);
    } catch (error) {
      return items.map(() => ({ ok: false, error }));
    }
  }
}
