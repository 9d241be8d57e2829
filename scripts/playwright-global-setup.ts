import { checkWhatIsLeft } from './lib/books.mjs';
import { startTestServer } from './lib/test-server.mjs';

/**
 * Starts the built server on a throw-away database; the journeys find it through the environment. At the end their books
 * must hold: what is returned throws when they don't.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const port = Number(process.env.JOURNEYS_PORT);
  // Receivers of webhooks stand beside the server.
  process.env.COUNTERFOIL_WEBHOOK_ALLOW_PRIVATE = '127.0.0.1';
  const server = await startTestServer('journeys', { port });
  process.env.JOURNEYS_API_KEY = server.apiKey;
  process.env.JOURNEYS_SIGN_INS = server.signInsFile;
  process.env.JOURNEYS_DATABASE_URL = server.databaseUrl;
  process.env.JOURNEYS_SECRET = server.secret;
  return async () => {
    const left = await checkWhatIsLeft(server.databaseUrl);
    await server.stop();
    if (!left.ok) throw new Error(`What the journeys left behind is not right:\n${left.words}`);
  };
}
