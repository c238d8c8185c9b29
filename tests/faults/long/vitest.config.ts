import { defineConfig } from "vitest/config";

/** `npm run faults`: the faults at their true durations, with real machines. A quarter of an hour. */
export default defineConfig({
  test: {
    include: ["tests/faults/long/*.long.ts"],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 1_800_000,
  },
});
