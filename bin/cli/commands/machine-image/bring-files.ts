import { AppError } from "#course/errors.ts";
import { loadConfig } from "#infra/config/config.ts";
import { ensureBinaries, missingModules } from "#infra/machine/binaries/ensure-binaries.ts";
import { readBuildScript, readModules } from "#infra/machine/binaries/modules.ts";
import { inMinutes, timeLeft } from "#infra/machine/build-time.ts";
import { fetchNpm } from "#infra/machine/npm-archive.ts";
import { instanceArchitecture as architecture, type Layer, type RecipeFile } from "#infra/machine/recipe.ts";
import type { Progress } from "../../../demo/progress.ts";

/**
 * What a builder needs besides the recipe, made on this computer as for its own machines: npm's release, and Kubernetes'
 * programs, which are kept. Throws AppError.
 */
export async function bringFiles(
  progress: Progress,
  layers: readonly Layer[],
  signal: AbortSignal,
): Promise<{ moreFiles: RecipeFile[]; programs: string[] }> {
  const catalogue = layers.find(({ step }) => step === "catalogue");
  const moreFiles = catalogue === undefined ? [] : await fetchNpm(catalogue.files, signal);
  const kubernetes = layers.find(({ step }) => step === "kubernetes");
  const programs = kubernetes === undefined ? [] : await makePrograms(progress, kubernetes, signal);
  return { moreFiles, programs };
}

async function makePrograms(progress: Progress, layer: Layer, signal: AbortSignal): Promise<string[]> {
  const { cacheDir, kubernetesReleases } = loadConfig();
  const modules = readModules(layer.files);
  const { seconds } = await missingModules({ modules, architecture, cacheDir });
  const began = performance.now();
  return progress.step("Programs of Kubernetes", (update) =>
    ensureBinaries({
      ...{ modules, script: readBuildScript(layer.files), architecture, cacheDir, signal },
      downloadsFrom: kubernetesReleases,
      container: async () => {
        throw new AppError({
          code: "no-go",
          userMessage:
            "containerd, etcd and CoreDNS are built from their pinned sources, and this computer has no Go 1.21 or newer: install golang-go, or make them by an engine first (drydock machine refresh), which keeps them.",
        });
      },
      report: (step, fraction, line) => {
        const left = timeLeft(seconds, fraction, (performance.now() - began) / 1000);
        update(fraction, `${inMinutes(left)} left  ${line ?? step}`);
      },
    }),
  );
}
