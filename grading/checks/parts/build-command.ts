import type { CheckContext } from "../define-check.ts";

/** The machine's boot script bounds the processes and memory of this cgroup; it is absent elsewhere. */
export const buildCgroup = "drydock-build";

export interface BuildInput {
  context: string;
  /** Absolute path of the Dockerfile. */
  file: string;
  tag: string;
  target?: string | undefined;
  buildArgs: Record<string, string>;
}

/** docker build with BuildKit, told to reach nothing; with the classic builder where the command line has no buildx. */
export async function buildCommand(context: CheckContext, input: BuildInput) {
  const buildx = await context.run(["docker", "buildx", "version"], { live: false });
  const withBuildKit = buildx.exitCode === 0;
  const argv = [
    "docker",
    "build",
    ...(withBuildKit ? ["--progress=plain", "--provenance=false"] : []),
    "--network=none",
    `--cgroup-parent=${buildCgroup}`,
    `--file=${input.file}`,
    `--tag=${input.tag}`,
    ...(input.target ? [`--target=${input.target}`] : []),
    ...Object.entries(input.buildArgs).map(([name, value]) => `--build-arg=${name}=${value}`),
    input.context,
  ];
  return { argv, env: { DOCKER_BUILDKIT: withBuildKit ? "1" : "0" } };
}
