// Bundles the programs that Next does not: dist/agent.mjs, one file with everything in it, which machines run under
// Node 20 with no packages beside it; dist/worker.mjs, and dist/web.mjs, which puts the front door before Next: both
// find their packages in node_modules; dist/archive-thread.mjs, the thread in which the web server has each upload
// read, one file so that it starts fast; dist/code-thread.mjs, in which it has code coloured and compared; and
// dist/solver-thread.mjs, in which plans are found.
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** @type {import("esbuild").BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20.19",
  format: "esm",
  logLevel: "warning",
  // Packages written for CommonJS call require, which modules do not have.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
};

/**
 * dockerode can reach engines over SSH with native code and build through gRPC; the agent does neither, and one file
 * cannot hold them.
 */
const withoutUnused = {
  name: "without-unused",
  setup(bundle) {
    const filter = /^(ssh2|@grpc\/grpc-js|@grpc\/proto-loader|protobufjs)$/;
    bundle.onResolve({ filter }, ({ path: name }) => ({ path: name, namespace: "unused" }));
    bundle.onLoad({ filter: /.*/, namespace: "unused" }, () => ({ contents: "module.exports = {};" }));
  },
};

/** @type {import("esbuild").BuildOptions[]} */
const programs = [
  {
    ...common,
    entryPoints: ["grading/machine/agent/main.ts"],
    outfile: "dist/agent.mjs",

    plugins: [withoutUnused],
  },
  { ...common, entryPoints: ["infra/archives/archive-thread.ts"], outfile: "dist/archive-thread.mjs" },
  {
    ...common,
    entryPoints: ["infra/code/code-thread.ts"],
    outfile: "dist/code-thread.mjs",
    packages: "external",
  },
  {
    ...common,
    entryPoints: ["infra/solver/solver-thread.ts"],
    outfile: "dist/solver-thread.mjs",
    packages: "external",
  },
  { ...common, entryPoints: ["workers/main.ts"], outfile: "dist/worker.mjs", packages: "external" },
  {
    ...common,
    entryPoints: ["app/_server/front-door/main.ts"],
    outfile: "dist/web.mjs",
    packages: "external",
  },
];

for (const program of programs) {
  const [entry] = program.entryPoints;
  if (!existsSync(path.join(root, entry))) continue;
  await build(program);
  console.log(`${program.outfile} from ${entry}`);
}
