import { defineConfig } from "vitest/config";

/** What is waited for comes sooner or later: how soon is no test's business. */
const patient = { expect: { poll: { timeout: 15_000 } } };
/** What a Kubernetes in a machine needs of a computer, others' tests would take from it. */
const ofKubernetes = [
  "tests/integration/kubernetes/**/*.test.ts",
  "tests/contract/kubernetes-machine.test.ts",
  "tests/security/machine/kubernetes-isolation.test.ts",
];
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
          exclude: ofKubernetes,
          globalSetup: "tests/support/local-ec2/global-setup.ts",
          ...heavy,
        },
      },
      {
        test: {
          name: "contract",
          include: ["tests/contract/**/*.test.ts"],
          exclude: ofKubernetes,
          globalSetup: "tests/support/local-ec2/global-setup.ts",
          ...heavy,
        },
      },
      {
        test: { name: "security", include: ["tests/security/**/*.test.ts"], exclude: ofKubernetes, ...heavy },
      },
      { test: { name: "kubernetes", include: ofKubernetes, ...heavy } },
      { test: { name: "e2e", include: ["tests/e2e/**/*.test.ts"], ...heavy } },
    ],
  },
});
