import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pickPort } from "#infra/db/embedded/ports.ts";
import { ensureS3Server } from "./ensure-server.ts";

export interface S3Server {
  endpoint: string;
  port: number;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  close(): Promise<void>;
}

/** A server of S3 of its own on loopback, which checks signatures, conditions and checksums; nothing is kept. */
export async function startS3Server(): Promise<S3Server> {
  const program = await ensureS3Server();
  const folder = await mkdtemp(path.join(tmpdir(), "drydock-s3-server-"));
  // It takes folders that have a name's beginning in common for one in the other.
  const [objects, attributes] = [path.join(folder, "objects"), path.join(folder, "attributes")];
  await Promise.all([objects, attributes].map((one) => mkdir(one)));
  const port = await pickPort(0);
  const region = "us-west-2";
  const credentials = { accessKeyId: "drydock-test", secretAccessKey: "a-secret-of-the-test" };
  const keys = { ROOT_ACCESS_KEY: credentials.accessKeyId, ROOT_SECRET_KEY: credentials.secretAccessKey };
  const variables = Object.entries(keys).map(([name, value]) => `${name}=${value}`);
  const general = ["--port", `127.0.0.1:${port}`, "--region", region, "--quiet"];
  const server = spawn(
    "env",
    [...variables, program, ...general, "posix", "--sidecar", attributes, objects],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  const exited = once(server, "exit");
  const close = async () => {
    server.kill("SIGTERM");
    await exited;
    await rm(folder, { recursive: true, force: true });
  };
  await Promise.race([
    untilListening(port),
    exited.then(([status]) => Promise.reject(new Error(`The S3 server ended with status ${status}.`))),
  ]).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return { endpoint: `http://127.0.0.1:${port}`, port, region, credentials, close };
}

async function untilListening(port: number): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const socket = createConnection({ port, host: "127.0.0.1" });
    const [event] = await Promise.race([
      once(socket, "connect").then(() => ["connect"]),
      once(socket, "error").catch(() => ["error"]),
    ]).catch(() => ["error"]);
    socket.destroy();
    if (event === "connect") return;
    await sleep(100);
  }
  throw new Error("The S3 server did not listen within 30 s.");
}
