import { join } from 'node:path';

export default {
  poweredByHeader: false,
  distDir: '.next-bench',
  turbopack: { root: join(import.meta.dirname, '..', '..') },
};
