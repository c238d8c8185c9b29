import type Docker from "dockerode";
import { systemClock } from "#infra/clock/clock.ts";
import { type AptSource, aptEnvironment } from "./apt-source.ts";
import { openBuilder } from "./builder-container.ts";
import { execLines } from "./engine/engine-lines.ts";
import { madeAtChanges, versionChanges } from "./image-facts.ts";
import { fetchNpm } from "./npm-archive.ts";
import { packFiles, packPrograms } from "./pack-files.ts";
import { imageName, type Layer } from "./recipe.ts";

type Report = (step: string, fraction: number | null, line?: string) => void;

const recipeInMachine = "opt/drydock/recipe";
const programsInMachine = "opt/kubernetes/bin";
const keptLines = 25;

export interface LayerOptions {
  docker: Docker;
  layer: Layer;
  from: string;
  apt: AptSource;
  report: Report;
  /** Ends the builder and with it the step; the layer is then not made. */
  signal: AbortSignal;
  /**
   * Makes what the step needs besides the recipe's files, while nobody else builds the layer: files of this computer
   * that are programs for /opt/kubernetes/bin.
   */
  programs?: () => Promise<string[]>;
}

/**
 * Runs one step of provision.sh in a container of the layer below and commits it as `layer.image`.
 * The container's name is a lock, so that two processes build a layer once. Resolves to "another-tried" when it waited for
 * another process's builder, which may have failed. Throws Error with the step's last lines.
 */
export async function buildLayer(options: LayerOptions): Promise<"built" | "another-tried"> {
  const { docker, layer, report, signal } = options;
  const name = `drydock-build-${layer.hash.slice(0, 12)}`;
  const builder = await openBuilder(docker, options.from, name, {
    onWait: () => report(`${layer.title}: another process is at it`, null),
    signal,
  });
  if (builder === "another-tried") return builder;
  const { container } = builder;
  try {
    const npm = layer.step === "catalogue" ? await fetchNpm(layer.files, signal) : [];
    await container.putArchive(packFiles([...layer.files, ...npm], recipeInMachine), { path: "/" });
    const programs = (await options.programs?.()) ?? [];
    if (programs.length > 0) {
      report(layer.title, 0, "Copying the programs into the image");
      await container.putArchive(packPrograms(programs, programsInMachine), { path: "/" });
    }
    await provision(container, options);
    signal.throwIfAborted();
    await container.commit({
      ...imageName(layer.image),
      changes: ['CMD ["tini", "--", "/opt/drydock/boot/boot.sh"]', ...(await stateFacts(options, container))],
      comment: "drydock machine",
    });
    return "built";
  } catch (error) {
    // What a container says of commands that ended with it.
    signal.throwIfAborted();
    throw error;
  } finally {
    await builder.close();
  }
}

async function stateFacts({ docker, layer }: LayerOptions, container: Docker.Container): Promise<string[]> {
  if (layer.step === "packages") return madeAtChanges(systemClock());
  return layer.step === "boot" ? versionChanges(docker, container) : [];
}

async function provision(
  container: Docker.Container,
  options: Pick<LayerOptions, "docker" | "layer" | "apt" | "report">,
): Promise<void> {
  const { docker, layer, apt, report } = options;
  let step: string = layer.title;
  let fraction = 0;
  const last: string[] = [];
  const status = await execLines({
    docker,
    container,
    command: [`/${recipeInMachine}/provision.sh`, layer.step],
    env: aptEnvironment(apt),
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
