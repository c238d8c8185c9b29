// Plain Node: this runs before any package is there.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import path from "node:path";

const oldest = [20, 19];

/** Installs what package-lock.json names unless node_modules already matches it. Ends the process on failure. */
export function ensurePackages(root) {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    fail(`Node ${process.versions.node} is too old: Drydock needs Node ${oldest.join(".")} or newer.`);
  }
  const installed = path.join(root, "node_modules/.package-lock.json");
  const lock = path.join(root, "package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  process.stderr.write("Installing the packages of package-lock.json (about a minute) …\n");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  // npm's own words go to stderr, so that stdout stays for results.
  const result = spawnSync(npm, ["ci", "--loglevel=error"], { cwd: root, stdio: ["ignore", 2, 2] });
  if (result.status !== 0) fail("The packages could not be installed: see npm's message above.");
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
