import { homedir } from "node:os";
import path from "node:path";
import Docker from "dockerode";
import { limited, ProviderSilent } from "#grading/machines/launching/limit-calls.ts";

export type FoundEngine =
  | { outcome: "found"; docker: Docker }
  | { outcome: "none" }
  /** There is one, and it lets nobody in or answers nobody. */
  | { outcome: "forbidden"; message: string };

/** Where engines listen besides the usual place: rootless, Docker Desktop, Colima, OrbStack. */
function otherSockets(): string[] {
  const home = homedir();
  const uid = process.getuid?.();
  return [
    ...(uid === undefined ? [] : [`/run/user/${uid}/docker.sock`]),
    path.join(home, ".docker/run/docker.sock"),
    path.join(home, ".docker/desktop/docker.sock"),
    path.join(home, ".colima/default/docker.sock"),
    path.join(home, ".orbstack/run/docker.sock"),
  ];
}

/**
 * The engine named by DOCKER_HOST or at the usual socket (dockerode's own rule), else one of the known others. limitMs:
 * in which an engine that is well answers.
 */
export async function findEngine(limitMs = 10_000): Promise<FoundEngine> {
  let forbidden: FoundEngine | null = null;
  for (const docker of [new Docker(), ...otherSockets().map((socketPath) => new Docker({ socketPath }))]) {
    try {
      await limited("a ping", limitMs, () => docker.ping());
      return { outcome: "found", docker };
    } catch (error) {
      if (error instanceof ProviderSilent) {
        forbidden ??= {
          outcome: "forbidden",
          message: `The Docker engine did not answer within ${limitMs / 1000} s: see whether it hangs, and restart it.`,
        };
      }
      const { code, address } = error as NodeJS.ErrnoException & { address?: string };
      if (code === "EACCES") {
        forbidden ??= {
          outcome: "forbidden",
          message: `The Docker engine at ${address ?? "its socket"} does not let you in: add yourself to the group docker (sudo usermod -aG docker $USER) and sign in again.`,
        };
      }
    }
  }
  return forbidden ?? { outcome: "none" };
}
