import type { NextConfig } from 'next';

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  // The types are a suite of their own ("npm test"); checking them again would cost each build a third of its time.
  typescript: { ignoreBuildErrors: true },
  distDir: process.env.NEXT_DIST_DIR ?? '.next',
  serverExternalPackages: [
    'postgres',
    '@node-rs/argon2',
    'fontkit',
    'graphile-worker',
    'nodemailer',
    'pdfkit',
    'pino',
  ],
  // Read by path when the first document is drawn.
  outputFileTracingIncludes: { '/api/**': ['./lib/adapters/documents/fonts/*.ttf'] },
};

export default config;
