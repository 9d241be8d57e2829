// Brings the database named by DATABASE_URL to the present schema: roles, migrations, grants, row-level security.

import { bootstrapDatabase } from '@/db/bootstrap';

const url = process.env.DATABASE_URL;
if (!url) throw new Error('DATABASE_URL is not set.');
await bootstrapDatabase(url);
