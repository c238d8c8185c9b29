import { spawnSync } from "node:child_process";

/** Programs that tests drive, and the Debian package of each. */
const wanted = [
  { program: "chromium", package: "chromium", for: "the browser journey" },
  { program: "redis-server", package: "redis-server", for: "the queue tests on Redis" },
  { program: "python3", package: "python3-venv", for: "the local EC2" },
];

const has = (program: string) =>
  spawnSync("sh", ["-c", `command -v ${program}`], { stdio: "ignore" }).status === 0;

/** Installs what is missing when this is Debian or Ubuntu and we are root; else names it. Returns what stays missing. */
export function ensureDebianPackages(say: (line: string) => void): string[] {
  const missing = wanted.filter((one) => !has(one.program));
  if (missing.length === 0) return [];
  if (!has("apt-get") || process.getuid?.() !== 0) {
    return missing.map(
      (one) => `${one.package} (for ${one.for}): install it with your system's package manager`,
    );
  }
  const names = missing.map((one) => one.package);
  say(`Installing ${names.join(" and ")} from Debian's packages …`);
  // biome-ignore lint/style/noProcessEnv: handed on to apt-get as it is.
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const args of [
    ["update", "-q"],
    ["install", "-q", "-y", "--no-install-recommends", ...names],
  ]) {
    const result = spawnSync("apt-get", args, { env, encoding: "utf8" });
    if (result.status !== 0)
      return missing.map((one) => `${one.package} (for ${one.for}): ${result.stderr.trim()}`);
  }
  return [];
}
