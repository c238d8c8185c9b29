// Writes the Prisma client into infra/db/generated. The CLI wants to download a schema engine even for a
// generator that uses none, so it is pointed at a file that exists; nothing is executed from it.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(import.meta.url);
const cli = path.join(path.dirname(require.resolve("prisma/package.json")), "build/index.js");
const root = path.resolve(import.meta.dirname, "../..");
const result = spawnSync(process.execPath, [cli, "generate", "--no-hints"], {
  cwd: root,
  stdio: ["ignore", "pipe", "pipe"],
  encoding: "utf8",
  // biome-ignore lint/style/noProcessEnv: handed on to the program as it is.
  env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: cli, CHECKPOINT_DISABLE: "1" },
});
if (result.status !== 0) {
  process.stderr.write(`${result.stdout}${result.stderr}\nThe Prisma client could not be generated.\n`);
  process.exit(result.status ?? 1);
}
