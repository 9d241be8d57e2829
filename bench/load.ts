import net from 'node:net';

export interface Load {
  port: number;
  path: string;
  key: string;
  connections: number;
  /** Bodies to send, each once. */
  bodies: readonly string[];
}

export interface Answers {
  seconds: number;
  /** Milliseconds of each call. */
  latencies: number[];
  /** How often each status came. */
  statuses: Record<number, number>;
}

/** Posts every body over a few kept connections, each one after the other, with as little work as it can. */
export async function post({ port, path, key, connections, bodies }: Load): Promise<Answers> {
  const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\n`;
  const messages = bodies.map((body) =>
    Buffer.from(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`),
  );
  const answers: Answers = { seconds: 0, latencies: [], statuses: {} };
  let next = 0;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const connection = await connect(port);
      for (let message = messages[next++]; message; message = messages[next++]) {
        const sent = performance.now();
        const status = await connection.ask(message);
        answers.latencies.push(performance.now() - sent);
        answers.statuses[status] = (answers.statuses[status] ?? 0) + 1;
      }
      connection.end();
    }),
  );
  answers.seconds = (performance.now() - start) / 1000;
  return answers;
}

interface Connection {
  /** Sends one message and answers the status once the whole answer is here. */
  ask(message: Buffer): Promise<number>;
  end(): void;
}

async function connect(port: number): Promise<Connection> {
  const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  let settle: { resolve(status: number): void; reject(error: Error): void } | undefined;
  let [head, missing, status] = ['', -1, 0];
  socket.on('data', (chunk: Buffer) => {
    if (missing < 0) {
      head += chunk.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      status = Number(head.slice(9, 12));
      const length = /content-length: (\d+)/i.exec(head);
      if (!length) throw new Error(`an answer without its length:\n${head}`);
      missing = Number(length[1]) - (head.length - end - 4);
    } else missing -= chunk.length;
    if (missing > 0) return;
    [head, missing] = ['', -1];
    settle?.resolve(status);
  });
  socket.on('close', () => settle?.reject(new Error('the connection was closed')));
  return {
    ask: (message) =>
      new Promise((resolve, reject) => {
        settle = { resolve, reject };
        socket.write(message);
      }),
    end: () => socket.destroy(),
  };
}
