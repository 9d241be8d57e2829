import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { withTenant } from '@/db/tenancy';
import { checkBooks } from '@/lib/queries/books';
import { startFolding } from '@/lib/runners/folding';
import { foldUsage } from '@/lib/usage/fold';
import { loadUsage } from '@/lib/usage/store';
import { type Firm, openFirm } from '../firm.ts';
import { post } from '../load.ts';
import { type Figure, figureOf, type Measure, quantile, timed } from '../measure.ts';
import { type BenchServer, startServer } from '../server.ts';
import type { BenchDatabase, BenchWorld } from '../world.ts';

const SUBSCRIPTIONS = 2_000;
const BATCH = 1_000;
const BATCHES = 80;
const BATCH_CONNECTIONS = 12;
const SINGLES = 8_000;
const SINGLE_CONNECTIONS = 64;
const REPEATS = 3;
const HOUR = 3_600;
const PROBE_PAUSE_MS = 100;

/** Usage events over HTTP: batches, single calls, folding beside them, and what a power cut leaves. */
export const ingest: Measure = {
  name: 'ingest',
  async run(world) {
    const database = await world.newDatabase();
    try {
      const firm = await openFirm(database, SUBSCRIPTIONS);
      const server = await startServer(database);
      const bench = new Bench(world, database, firm, server);
      const figures = [...(await bench.batches()), ...(await bench.singles())];
      await bench.agrees();
      figures.push(await bench.powerCut());
      return figures;
    } finally {
      await database.drop();
    }
  },
};

interface Event {
  transaction_id: string;
  external_subscription_id: string;
  code: string;
  timestamp: number;
  properties: { value: number; region: string };
}

const REGIONS = ['eu-west', 'eu-north', 'us-east', 'ap-south'];
const begun = Math.floor(Date.now() / 1000);

class Bench {
  private serial = 0;
  private expected = 0;

  constructor(
    private readonly world: BenchWorld,
    private readonly database: BenchDatabase,
    private readonly firm: Firm,
    private readonly server: BenchServer,
  ) {}

  /** Events of two weeks and of every subscription; their ids are like those of real senders: long, and in no order. */
  private events(count: number): Event[] {
    return Array.from({ length: count }, () => {
      const n = this.serial++;
      const scattered = (n * 7_919) % 1_000_003;
      return {
        transaction_id: `${scattered.toString(16).padStart(8, '0')}-4c1e-${n.toString(16).padStart(12, '0')}`,
        external_subscription_id: `sub-${scattered % SUBSCRIPTIONS}`,
        code: scattered % 3 === 0 ? 'tokens' : 'calls',
        timestamp: begun - ((scattered * 31) % (14 * 24 * HOUR)),
        properties: { value: 1 + (scattered % 9), region: REGIONS[scattered % 4]! },
      };
    });
  }

  async batches(): Promise<Figure[]> {
    const rates: Record<'copy' | 'plain' | 'folding', number[]> = { copy: [], plain: [], folding: [] };
    const late: number[] = [];
    await this.sendBatches(10);
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      rates.copy.push(await this.copy());
      rates.plain.push(await this.sendBatches(BATCHES));
      // What was sent with folding off is folded before the clock runs: kept current is what is measured.
      const caughtUp = await foldUsage(this.database.databases, this.firm.organizationId);
      assert.ok(caughtUp.settled);
      const folding = startFolding({ databases: this.database.databases });
      const watching = this.watchFreshness(late);
      rates.folding.push(await this.sendBatches(BATCHES));
      await watching();
      await folding.stop();
      this.world.say(`repeat ${repeat + 1}: ${JSON.stringify(rates)}`);
    }
    const [fresh, promise] = [quantile(late, 0.99), 2];
    return [
      figureOf(
        `batches of ${BATCH}`,
        'events/s',
        'two COPY of such rows into the same table',
        rates.plain,
        rates.copy,
      ),
      figureOf('batches with rollups kept', 'events/s', 'with folding off', rates.folding, rates.plain),
      figureOf('from sending to counted, p99', 's', 'at most', [fresh], [promise]),
    ];
  }

  /** Rows a second of two parallel COPY into the events table. */
  private async copy(): Promise<number> {
    const count = BATCH * BATCHES;
    const lines = this.events(count).map(
      (event) =>
        `${this.firm.organizationId}\t${crypto.randomUUID()}\t${event.external_subscription_id}\t${event.transaction_id}\t${event.code}\t${new Date(event.timestamp * 1000).toISOString()}\t${JSON.stringify(event.properties)}\t${new Date().toISOString()}\n`,
    );
    const halves = [lines.slice(0, count / 2).join(''), lines.slice(count / 2).join('')];
    const ms = await timed(() => Promise.all(halves.map((text) => this.copyOnce(text))));
    this.expected += count;
    return count / (ms / 1000);
  }

  private async copyOnce(text: string): Promise<void> {
    const { bulk } = this.database.databases;
    const stream = await bulk`
      copy events (organization_id, id, external_subscription_id, transaction_id, code, "timestamp", properties,
                   ingested_at) from stdin`.writable();
    await new Promise<void>((resolve, reject) => {
      stream.once('finish', resolve);
      stream.once('error', reject);
      stream.end(text);
    });
  }

  private async sendBatches(count: number): Promise<number> {
    const bodies = Array.from({ length: count }, () => JSON.stringify({ events: this.events(BATCH) }));
    const { seconds, statuses } = await post({
      port: this.server.port,
      path: '/api/v1/events/batch',
      key: this.firm.key,
      connections: BATCH_CONNECTIONS,
      bodies,
    });
    assert.deepEqual(statuses, { 200: count });
    this.expected += count * BATCH;
    return (count * BATCH) / seconds;
  }

  /** Sends an event now and then and notes how many seconds pass until usage counts it. */
  private watchFreshness(late: number[]): () => Promise<void> {
    let watching = true;
    const { organizationId } = this.firm;
    const counted = async () => {
      const facts = await withTenant(this.database.databases, organizationId, (tx) =>
        loadUsage(
          tx,
          { organizationId },
          {
            externalSubscriptionId: 'probe',
            metric: { code: 'calls', aggregationType: 'count_agg', fieldName: null },
            from: (begun - 15 * 24 * HOUR) * 1000,
            to: Date.now(),
            needEvents: false,
            includeHistory: false,
          },
        ),
      );
      return facts.kind === 'sum' ? facts.eventsCount : 0;
    };
    const watch = async () => {
      for (let before = await counted(); watching; before += 1) {
        const [event] = this.events(1);
        const sent = performance.now();
        const body = JSON.stringify({
          event: { ...event, code: 'calls', external_subscription_id: 'probe', timestamp: begun },
        });
        const { port } = this.server;
        await post({ port, path: '/api/v1/events', key: this.firm.key, connections: 1, bodies: [body] });
        this.expected += 1;
        while ((await counted()) < before + 1);
        late.push((performance.now() - sent) / 1000);
        await sleep(PROBE_PAUSE_MS);
      }
    };
    const watched = watch();
    return () => {
      watching = false;
      return watched;
    };
  }

  async singles(): Promise<Figure[]> {
    const [ours, empty, slow]: number[][] = [[], [], []];
    await this.sendSingles('/api/v1/events', 2_000);
    await this.sendSingles('/empty', 2_000);
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const limit = await this.sendSingles('/empty', SINGLES);
      const answers = await this.sendSingles('/api/v1/events', SINGLES);
      empty!.push(SINGLES / limit.seconds);
      ours!.push(SINGLES / answers.seconds);
      slow!.push(quantile(answers.latencies, 0.99));
    }
    return [
      figureOf('single events', 'requests/s', 'an empty handler on the same server', ours!, empty!),
      figureOf('single events, p99', 'ms', 'at most', slow!, [25]),
    ];
  }

  private async sendSingles(path: string, count: number) {
    const bodies = this.events(count).map((event) => JSON.stringify({ event }));
    const { port } = this.server;
    const answers = await post({ port, path, key: this.firm.key, connections: SINGLE_CONNECTIONS, bodies });
    assert.deepEqual(answers.statuses, { 200: count });
    if (path !== '/empty') this.expected += count;
    return answers;
  }

  /** Every event sent is there once, usage from rollups and tail is the raw sum, and the books hold. */
  async agrees(): Promise<void> {
    const { databases } = this.database;
    const { organizationId } = this.firm;
    const [counted] = await databases.system.execute<{ n: string; once: string }>(sql`
      select count(*)::text as n, count(distinct (external_subscription_id, transaction_id))::text as once
      from events where organization_id = ${organizationId}`);
    assert.deepEqual(counted, { n: String(this.expected), once: String(this.expected) });
    for (const sub of ['sub-1', 'sub-7', 'sub-1999']) {
      const [raw] = await databases.system.execute<{ n: string; sum: string }>(sql`
        select count(*)::text as n, coalesce(sum((properties ->> 'value')::numeric), 0)::text as sum from events
        where organization_id = ${organizationId} and external_subscription_id = ${sub} and code = 'calls'`);
      const facts = await withTenant(databases, organizationId, (tx) =>
        loadUsage(
          tx,
          { organizationId },
          {
            externalSubscriptionId: sub,
            metric: { code: 'calls', aggregationType: 'sum_agg', fieldName: 'value' },
            from: (begun - 15 * 24 * HOUR) * 1000,
            to: Date.now(),
            needEvents: false,
            includeHistory: false,
          },
        ),
      );
      assert.deepEqual(facts, { kind: 'sum', units: raw?.sum, eventsCount: Number(raw?.n) });
    }
    assert.deepEqual(await withTenant(databases, organizationId, (tx) => checkBooks(tx, organizationId)), []);
  }

  /** Kills the server while events arrive: every event it acknowledged is there. */
  async powerCut(): Promise<Figure> {
    const sent = this.events(30_000);
    const answered: string[] = [];
    const { port } = this.server;
    let next = 0;
    const senders = Array.from({ length: SINGLE_CONNECTIONS }, async () => {
      for (let event = sent[next++]; event; event = sent[next++]) {
        const bodies = [JSON.stringify({ event })];
        const { statuses } = await post({
          port,
          path: '/api/v1/events',
          key: this.firm.key,
          connections: 1,
          bodies,
        });
        if (statuses[200]) answered.push(event.transaction_id);
      }
    });
    setTimeout(() => void this.server.kill(), 1_500);
    await Promise.allSettled(senders);
    assert.ok(answered.length > 0 && answered.length < sent.length);
    const rows = await this.database.databases.system.execute<{ n: string }>(sql`
      select count(*)::text as n from events where organization_id = ${this.firm.organizationId}
        and transaction_id in (select jsonb_array_elements_text(${JSON.stringify(answered)}::jsonb))`);
    const lost = answered.length - Number(rows[0]?.n);
    assert.equal(lost, 0);
    return figureOf(
      'acknowledged events lost to kill -9',
      'events',
      'acknowledged',
      [lost],
      [answered.length],
    );
  }
}
