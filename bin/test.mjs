#!/usr/bin/env node
// `npm test`: sets up what the tests need (said line by line), then runs them all. Arguments go to vitest.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { ensurePackages } from "./ensure-packages.mjs";

const root = path.resolve(import.meta.dirname, "..");
ensurePackages(root);
const result = spawnSync(
  process.execPath,
  ["--import", "tsx", path.join(root, "bin/test/main.ts"), ...process.argv.slice(2)],
  { cwd: root, stdio: "inherit" },
);
process.exit(result.status ?? 1);
