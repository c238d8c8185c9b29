import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo, ListenOptions } from "node:net";
import path from "node:path";
import type Docker from "dockerode";
import { runOnce } from "../run-once.ts";
import { gatewayMount, hostEntry, hostName } from "./uplink.ts";

/** A call that works takes milliseconds; seconds, counted from when the container runs. */
const patience = 3;
const curl = ["curl", "--silent", "--max-time", String(patience)];
const onNetwork: Docker.HostConfig = { NetworkMode: "bridge", ExtraHosts: [hostEntry] };

/** Whether a container that mounts a folder made in `parent` reaches a socket in it. */
export async function socketAnswers(docker: Docker, image: string, parent: string): Promise<boolean> {
  // No longer than agent.sock, for which the parent's path was found short enough.
  const folder = await mkdtemp(path.join(parent, "p-"));
  const socketPath = path.join(folder, "s");
  const server = createServer();
  try {
    await listen(server, { path: socketPath });
    // As the gateway's own.
    await chmod(socketPath, 0o600);
    return await isCalled(server, (secret) =>
      runOnce(docker, image, [...curl, "--unix-socket", `${gatewayMount}/s`, `http://drydock/${secret}`], {
        NetworkMode: "none",
        Mounts: [{ Type: "bind", Source: folder, Target: gatewayMount, ReadOnly: true }],
      }),
    );
  } catch (error) {
    if (isRefusedMount(error)) return false;
    throw error;
  } finally {
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The IPv4 address that the engine's name for this computer leads to in a container; null when to none. */
export async function hostAddress(docker: Docker, image: string): Promise<string | null> {
  const answer = await runOnce(docker, image, ["getent", "ahostsv4", hostName], onNetwork);
  return /^[\d.]+/.exec(answer)?.[0] ?? null;
}

/** Whether a container reaches a port at this address of this computer, by the engine's name for it. */
export async function tcpAnswers(docker: Docker, image: string, host: string): Promise<boolean> {
  const server = createServer();
  try {
    await listen(server, { host, port: 0 });
    const { port } = server.address() as AddressInfo;
    return await isCalled(server, (secret) =>
      runOnce(docker, image, [...curl, `http://${hostName}:${port}/${secret}`], onNetwork),
    );
  } catch (error) {
    // No address of this computer, but one in the engine's own.
    if ((error as NodeJS.ErrnoException).code === "EADDRNOTAVAIL") return false;
    throw error;
  } finally {
    server.close();
  }
}

async function listen(server: Server, where: ListenOptions): Promise<void> {
  server.listen(where);
  await once(server, "listening");
}

/** Whether `work` calls the server with the secret that it is given: another server of that name proves nothing. */
async function isCalled(server: Server, work: (secret: string) => Promise<unknown>): Promise<boolean> {
  const secret = randomUUID();
  let called = false;
  server.on("request", (request, response) => {
    called ||= request.url === `/${secret}`;
    response.writeHead(204, { connection: "close" }).end();
  });
  await work(secret);
  return called;
}

/** An engine elsewhere does not have the folder, and one in a virtual machine may not share it. */
function isRefusedMount(error: unknown): boolean {
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  return statusCode !== undefined && /mount|bind source/i.test(message ?? "");
}
