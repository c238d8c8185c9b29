import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const script = path.join(import.meta.dirname, "../boot/user-data.sh");
const service = path.join(import.meta.dirname, "../../compute/ec2-local/metadata-service.mjs");
const good = JSON.stringify({ token: "t".repeat(32), leaseUntil: "2024-11-12T18:00:00.000Z" });

let folder: string;
let file: string;
let running: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "drydock-user-data-"));
  file = path.join(folder, "user-data.json");
});
afterEach(async () => {
  for (const process of running) process.kill("SIGKILL");
  running = [];
  await rm(folder, { recursive: true });
});

/** The metadata service as local instances have it; its address. */
async function startService(userData: string | null, port = 0): Promise<string> {
  const state = path.join(folder, "state.json");
  await writeFile(state, JSON.stringify({ userData }));
  const child = spawn(process.execPath, [service, state, String(port)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  running.push(child);
  const [line] = (await once(child.stdout as NonNullable<typeof child.stdout>, "data")) as [Buffer];
  return `http://127.0.0.1:${/^at (\d+)$/m.exec(String(line))?.[1]}`;
}

async function run(metadata: string, patience = 60): Promise<{ status: number; said: string }> {
  const env = { ...process.env, metadata, patience: String(patience) };
  const child = spawn("bash", [script, file], { env, stdio: ["ignore", "pipe", "inherit"] });
  running.push(child);
  const said = text(child.stdout as NonNullable<typeof child.stdout>);
  const [status] = (await once(child, "close")) as [number];
  return { status, said: await said };
}

const nobody = "http://127.0.0.1:9";

describe("user data", () => {
  it("that the machine was given are kept, and nobody is asked", async () => {
    await writeFile(file, "given");
    expect(await run(nobody)).toEqual({ status: 0, said: "" });
    expect(await readFile(file, "utf8")).toBe("given");
  });

  it("of an instance come byte for byte from its metadata service, for root's eyes only", async () => {
    expect(await run(await startService(good))).toEqual({ status: 0, said: "" });
    expect(await readFile(file, "utf8")).toBe(good);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it("are asked for again while nobody answers yet", async () => {
    const port = Number(new URL(await startService(good)).port);
    const [first] = running;
    first?.kill("SIGKILL");
    const asked = run(`http://127.0.0.1:${port}`);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    await startService(good, port);
    expect(await asked).toEqual({ status: 0, said: "" });
  });

  it.each([
    ["none", null, "there are no user data"],
    ["no token", JSON.stringify({ leaseUntil: "2024-11-12T18:00:00.000Z" }), "hold no token or no lease"],
    ["no lease", JSON.stringify({ token: "t" }), "hold no token or no lease"],
    ["an empty token", JSON.stringify({ token: "", leaseUntil: "x" }), "hold no token or no lease"],
    ["a list", "[1]", "hold no token or no lease"],
    ["no JSON", "#cloud-config", "hold no token or no lease"],
    ["nothing", "", "hold no token or no lease"],
  ])("that are %s end the machine at once", async (_, userData, why) => {
    const { status, said } = await run(await startService(userData));
    expect(status).toBe(1);
    expect(said).toContain(why);
    await expect(stat(file)).rejects.toThrow("ENOENT");
  });

  it("that nobody gives within its patience end the machine", async () => {
    const { status, said } = await run(nobody, 2);
    expect(status).toBe(1);
    expect(said).toContain("gave no user data in 2 s");
  });
});
