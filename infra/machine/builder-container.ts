import type Docker from "dockerode";
import { abortable } from "#infra/compute/abortable.ts";
import { machinePrivileges } from "./machine-capabilities.ts";

export interface Builder {
  /** Runs, and does nothing by itself. */
  container: Docker.Container;
  close(): Promise<void>;
}

/**
 * A container of `from` with the computer's network, to do things in. It lives as long as this process holds its
 * standard input, so a process that is killed leaves nothing. A signal that is aborted ends it, and commands in it say
 * that they failed. Where another process has one of this name, waits until that is gone and resolves to
 * "another-tried".
 */
export async function openBuilder(
  docker: Docker,
  from: string,
  name: string,
  { onWait, signal }: { onWait(): void; signal: AbortSignal },
): Promise<Builder | "another-tried"> {
  signal.throwIfAborted();
  const container = await create(docker, from, name);
  if (container === null) {
    onWait();
    await waitUntilRemoved(docker.getContainer(name), signal);
    return "another-tried";
  }
  const stdin = await container.attach({ stream: true, stdin: true, hijack: true });
  await container.start();
  // With it ends whatever runs in it; one that cannot be ended so ends when it is closed.
  const endEarly = () => void container.kill().catch(() => undefined);
  if (signal.aborted) endEarly();
  signal.addEventListener("abort", endEarly, { once: true });
  return {
    container,
    close: async () => {
      signal.removeEventListener("abort", endEarly);
      // cat sees the end of its input; the rest is the engine's AutoRemove.
      stdin.end();
      await remove(container);
    },
  };
}

/** null: there is one of that name. */
async function create(docker: Docker, from: string, name: string): Promise<Docker.Container | null> {
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
    return null;
  }
}

async function remove(container: Docker.Container): Promise<void> {
  try {
    await container.remove({ force: true, v: true });
  } catch (error) {
    const status = (error as { statusCode?: number }).statusCode;
    // 404: gone already; 409: the engine is removing it.
    if (status === 409) await waitUntilRemoved(container);
    else if (status !== 404) throw error;
  }
}

async function waitUntilRemoved(container: Docker.Container, signal?: AbortSignal): Promise<void> {
  try {
    await container.wait({ condition: "removed", ...abortable(signal) });
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== 404) throw error;
  }
}
