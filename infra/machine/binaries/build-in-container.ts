import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import type Docker from "dockerode";
import { extract } from "tar-stream";
import { goEnvironment, trustedCertificates } from "#infra/config/go-environment.ts";
import { type AptSource, aptEnvironment } from "../apt-source.ts";
import { openBuilder } from "../builder-container.ts";
import { execLines } from "../engine/engine-lines.ts";
import { packFiles } from "../pack-files.ts";
import type { RecipeFile } from "../recipe.ts";
import { buildArguments, type GoBuild, lastLines } from "./go-build.ts";
import type { BinaryModule } from "./modules.ts";

const home = "/var/tmp/drydock-go";
const installGo = `
  recipe=/opt/drydock/recipe
  source "$recipe/provision/apt.sh"
  apt-get update
  apt-get install -y golang-go`;

export interface ContainerBuild {
  docker: Docker;
  /** A layer that has the recipe's provision/. */
  from: string;
  apt: AptSource;
  module: BinaryModule;
  architecture: string;
  script: RecipeFile;
  /** A folder of this computer. */
  into: string;
  onLine: (line: string) => void;
  signal: AbortSignal;
}

/** Builds a module with Debian's Go in a container that is thrown away, for computers without a Go of their own. */
export async function buildInContainer(options: ContainerBuild): Promise<GoBuild> {
  const { docker, module, architecture, signal } = options;
  const name = `drydock-build-${module.name}-${randomUUID()}`;
  const builder = await openBuilder(docker, options.from, name, { onWait: () => {}, signal });
  if (builder === "another-tried") throw new Error(`A container ${name} was there: another process took it.`);
  const { container } = builder;
  const run = async (command: string[], env: string[]): Promise<GoBuild> => {
    const last = lastLines(options.onLine);
    const status = await execLines({ docker, container, command, env, onLine: last.keep });
    return status === 0 ? { outcome: "built" } : { outcome: "failed", message: last.say(status) };
  };
  try {
    const installed = await run(["bash", "-euc", installGo], aptEnvironment(options.apt));
    if (installed.outcome === "failed") return installed;
    const files = [...module.files, { ...options.script, path: path.posix.basename(options.script.path) }];
    const env = ["HOME=/root", ...goEnvironment()];
    const certificates = await trustedCertificates();
    if (certificates !== null) {
      files.push({ path: "trusted.pem", content: certificates, executable: false });
      env.push(`SSL_CERT_FILE=${home}/source/trusted.pem`);
    }
    await container.putArchive(packFiles(files, `${home.slice(1)}/source`), { path: "/" });
    const out = `${home}/programs`;
    const script = ["sh", "-euc", `cd ${home}/source && exec sh build.sh "$@"`, "sh"];
    const command = [...script, ...buildArguments(module, { into: out, architecture })];
    const built = await run(command, env);
    if (built.outcome === "built") await copyOut(container, out, options.into);
    return built;
  } catch (error) {
    // What a container says of commands that ended with it.
    signal.throwIfAborted();
    throw error;
  } finally {
    await builder.close();
  }
}

/** The files of a folder in the container. */
async function copyOut(container: Docker.Container, from: string, into: string): Promise<void> {
  await mkdir(into, { recursive: true });
  const archive = extract();
  const reading = pipeline(await container.getArchive({ path: from }), archive);
  for await (const entry of archive) {
    if (entry.header.type !== "file") {
      entry.resume();
      continue;
    }
    const file = path.join(into, path.basename(entry.header.name));
    await pipeline(entry, createWriteStream(file, { mode: 0o755 }));
  }
  await reading;
}
