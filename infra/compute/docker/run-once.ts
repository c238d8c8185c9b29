import { text } from "node:stream/consumers";
import type Docker from "dockerode";
import { removeContainer, waitUntilRemoved } from "./remove-container.ts";

/** Runs a command in a throw-away container until that is gone again; what the command wrote. */
export async function runOnce(
  docker: Docker,
  image: string,
  command: string[],
  host: Docker.HostConfig,
): Promise<string> {
  const container = await docker.createContainer({
    Image: image,
    Entrypoint: command,
    Cmd: [],
    // Its output comes as plain text then.
    Tty: true,
    HostConfig: { ...host, AutoRemove: true },
  });
  try {
    const output = text(await container.attach({ stream: true, stdout: true, stderr: true }));
    await container.start();
    await waitUntilRemoved(container);
    return await output;
  } finally {
    await removeContainer(container);
  }
}
