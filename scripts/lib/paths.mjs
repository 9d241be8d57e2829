import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root folder. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Everything the project keeps outside git: the demo's database, its password, states and logs. */
export const STATE_DIR = join(ROOT, '.counterfoil');

export const POSTGRES_DATA_DIR = join(STATE_DIR, 'postgres');
export const POSTGRES_STATE_FILE = join(STATE_DIR, 'postgres.json');
export const POSTGRES_PASSWORD_FILE = join(STATE_DIR, 'postgres-password');
export const UP_STATE_FILE = join(STATE_DIR, 'up.json');
export const SIGN_INS_FILE = join(STATE_DIR, 'demo-sign-ins.json');
