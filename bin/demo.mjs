#!/usr/bin/env node
// `npm run demo`: installs the packages when they are missing, then hands over to bin/demo/main.ts.
import { spawn } from "node:child_process";
import path from "node:path";
import { ensurePackages } from "./ensure-packages.mjs";

const root = path.resolve(import.meta.dirname, "..");
ensurePackages(root);
const demo = spawn(
  process.execPath,
  ["--import", "tsx", path.join(root, "bin/demo/main.ts"), ...process.argv.slice(2)],
  { cwd: root, stdio: "inherit" },
);
// The demo itself decides when everything has ended. A Ctrl-C reaches it twice, from the terminal and from here.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => demo.kill(signal));
demo.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
