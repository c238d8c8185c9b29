/** @type {import("next").NextConfig} */
export default {
  // Native or large server-only packages are loaded by Node, not bundled.
  serverExternalPackages: [
    "pg",
    "pino",
    "bullmq",
    "ioredis",
    "better-auth",
    "@prisma/adapter-pg",
    "@prisma/client",
  ],
  poweredByHeader: false,
  reactStrictMode: true,
};
