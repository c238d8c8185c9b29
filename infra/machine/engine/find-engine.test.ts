import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { findEngine } from "./find-engine.ts";

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const end of ends.splice(0)) await end();
});

it("an engine that takes calls and answers none is named as that, and waited for no longer than it may take", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "dd-engine-"));
  ends.push(() => rm(folder, { recursive: true }));
  const socket = path.join(folder, "docker.sock");
  const server = net.createServer(() => undefined).listen(socket);
  await once(server, "listening");
  ends.push(async () => server.close());
  vi.stubEnv("DOCKER_HOST", `unix://${socket}`);
  vi.stubEnv("HOME", folder);
  expect(await findEngine(100)).toEqual({
    outcome: "forbidden",
    message: "The Docker engine did not answer within 0.1 s: see whether it hangs, and restart it.",
  });
});
