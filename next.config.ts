import type { NextConfig } from 'next';

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  distDir: process.env.NEXT_DIST_DIR ?? '.next',
  serverExternalPackages: ['postgres', '@node-rs/argon2', 'graphile-worker', 'nodemailer', 'pino'],
};

export default config;
