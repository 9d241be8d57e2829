import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { bootstrapDatabase } from '@/db/bootstrap';
import { startThrowAwayPostgres } from './lib/throw-away.mjs';

const TEMPLATE_DATABASE = 'template_cf';

/** Starts one throw-away PostgreSQL for all database tests and prepares the template they copy. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startThrowAwayPostgres();
  try {
    const sql = postgres(server.url, { max: 1 });
    await sql.unsafe(`create database ${TEMPLATE_DATABASE}`);
    await sql.end();
    const template = new URL(server.url);
    template.pathname = `/${TEMPLATE_DATABASE}`;
    await bootstrapDatabase(template.href);
    project.provide('postgresUrl', server.url);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server.stop;
}
