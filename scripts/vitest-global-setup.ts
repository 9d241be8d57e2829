import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { bootstrapDatabase } from '@/db/bootstrap';
import { withDatabase } from './lib/database-url.mjs';
import { startThrowAwayPostgres } from './lib/throw-away.mjs';

const TEMPLATE_DATABASE = 'template_cf';

/** Starts one throw-away PostgreSQL for all database tests and prepares the template they copy. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startThrowAwayPostgres();
  try {
    const sql = postgres(server.url, { max: 1 });
    await sql.unsafe(`create database ${TEMPLATE_DATABASE}`);
    await sql.end();
    const urls = await bootstrapDatabase(withDatabase(server.url, TEMPLATE_DATABASE));
    project.provide('postgresUrl', server.url);
    project.provide('template', { database: TEMPLATE_DATABASE, ...urls });
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server.stop;
}
