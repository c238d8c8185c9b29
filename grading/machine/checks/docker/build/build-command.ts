/** The machine's boot script bounds the processes and memory of this cgroup. */
export const buildCgroup = "drydock-build";

export interface BuildInput {
  context: string;
  /** Absolute path of the Dockerfile. */
  file: string;
  /** Absolute path of what the builder may use from elsewhere (source-policy.ts). */
  policyFile: string;
  tag: string;
  target?: string | undefined;
  buildArgs: Record<string, string>;
}

/**
 * BuildKit's progress is one small write a line on standard error, which a socket, as Node gives a child, takes several
 * times slower than a pipe does: a relay between them lets a flood be seen, and long builds be read, in less time.
 */
const throughPipe = ["bash", "-c", 'exec "$@" 2> >(exec cat >&2)', "bash"];

/** docker build with BuildKit, which the machine's image has, told to reach nothing. */
export function buildCommand(input: BuildInput): { argv: string[]; env: Record<string, string> } {
  const argv = [
    ...throughPipe,
    "docker",
    "build",
    "--progress=plain",
    "--provenance=false",
    "--network=none",
    `--cgroup-parent=${buildCgroup}`,
    `--file=${input.file}`,
    `--tag=${input.tag}`,
    ...(input.target ? [`--target=${input.target}`] : []),
    ...Object.entries(input.buildArgs).map(([name, value]) => `--build-arg=${name}=${value}`),
    input.context,
  ];
  return {
    argv,
    env: { DOCKER_BUILDKIT: "1", EXPERIMENTAL_BUILDKIT_SOURCE_POLICY: input.policyFile },
  };
}
