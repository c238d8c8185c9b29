import { defineConfig } from "vitest/config";

/** What is waited for comes sooner or later: how soon is no test's business. */
const patient = { expect: { poll: { timeout: 15_000 } } };
const heavy = { fileParallelism: false, testTimeout: 120_000, hookTimeout: 180_000, ...patient };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["{app,bin,course,grading,infra,workers}/**/*.test.{ts,tsx}"],
          testTimeout: 20_000,
          ...patient,
        },
      },
      {
        test: {
          name: "integration",
          include: ["tests/{integration,faults}/**/*.test.ts"],
          globalSetup: "tests/support/local-ec2/global-setup.ts",
          ...heavy,
        },
      },
      {
        test: {
          name: "contract",
          include: ["tests/contract/**/*.test.ts"],
          globalSetup: "tests/support/local-ec2/global-setup.ts",
          ...heavy,
        },
      },
      { test: { name: "security", include: ["tests/security/**/*.test.ts"], ...heavy } },
      { test: { name: "e2e", include: ["tests/e2e/**/*.test.ts"], ...heavy } },
    ],
  },
});
