import { Readable } from "node:stream";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import type { AptSource } from "./apt-source.ts";
import { execLines } from "./engine-lines.ts";
import { machinePrivileges } from "./machine-capabilities.ts";
import { fetchNpm } from "./npm-archive.ts";
import { imageName, type Layer, type RecipeFile } from "./recipe.ts";

type Report = (step: string, fraction: number | null, line?: string) => void;

const recipeInMachine = "opt/drydock/recipe";
const keptLines = 25;

/**
 * Runs one step of provision.sh in a container of the layer below and commits it as `layer.image`.
 * The container lives as long as this process holds its standard input, so a build that is killed leaves nothing;
 * its name is a lock, so that two processes build a layer once. Resolves to "another-tried" when it waited for
 * another process's builder, which may have failed. Throws Error with the step's last lines.
 */
export async function buildLayer(options: {
  docker: Docker;
  layer: Layer;
  from: string;
  apt: AptSource;
  report: Report;
}): Promise<"built" | "another-tried"> {
  const { docker, layer } = options;
  const container = await createBuilder(docker, options.from, `drydock-build-${layer.hash.slice(0, 12)}`);
  if (container === "another-tried") return container;
  const stdin = await container.attach({ stream: true, stdin: true, hijack: true });
  try {
    const npm = layer.step === "catalogue" ? await fetchNpm(layer.files) : [];
    await container.putArchive(packRecipe([...layer.files, ...npm]), { path: "/" });
    await container.start();
    await provision(container, options);
    await container.commit({
      ...imageName(layer.image),
      changes: ['CMD ["tini", "--", "/opt/drydock/boot/boot.sh"]'],
      comment: "drydock machine",
    });
    return "built";
  } finally {
    // cat sees the end of its input; the rest is the engine's AutoRemove.
    stdin.end();
    await removeBuilder(container);
  }
}

/** Another process's builder of the same name is waited for. */
async function createBuilder(
  docker: Docker,
  from: string,
  name: string,
): Promise<Docker.Container | "another-tried"> {
  try {
    return await docker.createContainer({
      name,
      Image: from,
      Cmd: ["cat"],
      OpenStdin: true,
      StdinOnce: true,
      AttachStdin: true,
      Labels: { "drydock.builder": "machine-image" },
      HostConfig: {
        ...machinePrivileges,
        AutoRemove: true,
        // Mirrors and proxies of this computer are reached as it reaches them.
        NetworkMode: "host",
        Mounts: [{ Type: "volume", Source: "", Target: "/var/lib/docker" }],
      },
    });
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== 409) throw error;
    await waitUntilRemoved(docker.getContainer(name));
    return "another-tried";
  }
}

async function provision(
  container: Docker.Container,
  options: { docker: Docker; layer: Layer; apt: AptSource; report: Report },
): Promise<void> {
  const { docker, layer, apt, report } = options;
  let step: string = layer.title;
  let fraction = 0;
  const last: string[] = [];
  const status = await execLines({
    docker,
    container,
    command: [`/${recipeInMachine}/provision.sh`, layer.step],
    env: [
      `DRYDOCK_DEBIAN_MIRROR=${apt.mirror}`,
      `DRYDOCK_DEBIAN_SECURITY_MIRROR=${apt.securityMirror}`,
      ...(apt.proxy === null ? [] : [`DRYDOCK_APT_PROXY=${apt.proxy}`]),
    ],
    onLine: (line) => {
      const mark = /^##drydock ([\d.]+) (.+)$/.exec(line);
      if (mark?.[1] && mark[2]) {
        fraction = Number(mark[1]);
        step = mark[2];
        report(step, fraction);
        return;
      }
      last.push(line);
      if (last.length > keptLines) last.shift();
      report(step, fraction, line);
    },
  });
  if (status !== 0) {
    throw new Error(`${step} ended with status ${status}. Its last lines:\n${last.join("\n")}`);
  }
}

function packRecipe(files: RecipeFile[]): Readable {
  const archive = pack();
  const mtime = new Date(0);
  for (const file of files) {
    archive.entry(
      { name: `${recipeInMachine}/${file.path}`, mode: file.executable ? 0o755 : 0o644, mtime },
      file.content,
    );
  }
  archive.finalize();
  return Readable.from(archive);
}

async function removeBuilder(container: Docker.Container): Promise<void> {
  try {
    await container.remove({ force: true, v: true });
  } catch (error) {
    const status = (error as { statusCode?: number }).statusCode;
    // 404: gone already; 409: the engine is removing it.
    if (status === 409) await waitUntilRemoved(container);
    else if (status !== 404) throw error;
  }
}

async function waitUntilRemoved(container: Docker.Container): Promise<void> {
  try {
    await container.wait({ condition: "removed" });
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== 404) throw error;
  }
}
