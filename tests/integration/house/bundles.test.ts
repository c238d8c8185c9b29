import { readdir } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";

const commands = "bin/cli/commands";
const engines = /^(dockerode|@kubernetes\/|@aws-sdk\/client-(ec2|scheduler|sqs))/;

/** Of each program, the packages that it loads when it starts: by imports, not by what it imports later. */
async function loadedBy(entries: string[]): Promise<Map<string, string[]>> {
  const { metafile } = await build({
    ...{ entryPoints: entries, outdir: "unused", write: false, metafile: true },
    ...{ bundle: true, splitting: true, platform: "node", format: "esm", packages: "external" },
  });
  const outputs = metafile.outputs;
  const loaded = (from: string, seen = new Set<string>()): string[] => {
    if (seen.has(from)) return [];
    seen.add(from);
    return (outputs[from]?.imports ?? [])
      .filter(({ kind }) => kind === "import-statement")
      .flatMap((one) => (one.external === true ? [one.path] : loaded(one.path, seen)));
  };
  return new Map(
    Object.entries(outputs).flatMap(([file, { entryPoint }]) =>
      entryPoint !== undefined && entries.includes(entryPoint) ? [[entryPoint, loaded(file)] as const] : [],
    ),
  );
}

test("no program loads an engine's client but where it drives one", async () => {
  const files = (await readdir(commands)).filter(
    (file) => file.endsWith(".ts") && !file.endsWith(".test.ts"),
  );
  const entries = [
    ...files.map((file) => path.posix.join(commands, file)),
    ...["app/_server/front-door/main.ts", "grading/machine/agent/main.ts"],
    ...["workers/main.ts", "workers/prepare/docker.ts", "workers/prepare/ec2.ts"],
  ];
  const loaded = await loadedBy(entries);
  expect([...loaded.keys()].sort()).toEqual(entries.sort());
  const drives = [...loaded].flatMap(([entry, packages]) => {
    const clients = [...new Set(packages.filter((name) => engines.test(name)))].sort();
    return clients.length === 0 ? [] : [[entry, ...clients]];
  });
  expect(drives.sort()).toEqual([
    ["bin/cli/commands/exercise-test.ts", "dockerode"],
    ["bin/cli/commands/grade.ts", "dockerode"],
    ["bin/cli/commands/machine-image.ts", "@aws-sdk/client-ec2"],
    ["bin/cli/commands/machine.ts", "dockerode"],
    ["grading/machine/agent/main.ts", "@kubernetes/client-node", "dockerode"],
    ["workers/prepare/docker.ts", "dockerode"],
    ["workers/prepare/ec2.ts", "@aws-sdk/client-ec2", "@aws-sdk/client-scheduler", "@aws-sdk/client-sqs"],
  ]);
});
