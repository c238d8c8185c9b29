import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { UserData } from "#grading/machines/provider.ts";
import type { AgentService } from "#grading/protocol/agent-service.ts";
import { type AgentProgram, readAgentProgram } from "#infra/agent-gateway/agent-program.ts";
import { type AgentGateway, type GatewayListen, serveAgentGateway } from "#infra/agent-gateway/serve.ts";
import { makeCertificates } from "#tests/support/certificates.ts";

const script = path.join(import.meta.dirname, "../boot/agent.sh");
const bundle = `console.log("the agent");\n${"// and what it is made of\n".repeat(10_000)}`;

let folder: string;
let agent: string;
let program: AgentProgram;
let gateway: AgentGateway | null;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "drydock-agent-"));
  agent = path.join(folder, "agent.mjs");
  await writeFile(path.join(folder, "bundle.mjs"), bundle);
  program = await readAgentProgram(path.join(folder, "bundle.mjs"));
  gateway = null;
});
afterEach(async () => {
  await gateway?.close();
  await rm(folder, { recursive: true });
});

async function serve(listen: GatewayListen = { host: "127.0.0.1", port: 0 }): Promise<string> {
  gateway = await serveAgentGateway({} as AgentService, listen, console.error, program);
  return gateway.address;
}

/** What is said when the agent is brought, or why it is not. */
async function bring(userData: Partial<UserData>): Promise<{ brought: boolean; said: string }> {
  const file = path.join(folder, "user-data.json");
  await writeFile(file, JSON.stringify(userData));
  const command = `source "${script}"; if bring_agent "${file}" "${agent}"; then echo brought; else echo none; fi`;
  const { stdout, stderr } = await promisify(execFile)("bash", ["-c", command], { timeout: 15_000 });
  return { brought: stdout.endsWith("brought\n"), said: stdout + stderr };
}

describe("the agent of a machine", () => {
  it("that was put there is taken as it is", async () => {
    await writeFile(agent, "put there");
    expect(await bring({})).toMatchObject({ brought: true });
    expect(await readFile(agent, "utf8")).toBe("put there");
  });

  it("that nobody put there nor named is none", async () => {
    expect(await bring({})).toMatchObject({ brought: false });
  });

  it("is fetched from the gateway, gzipped on its way", async () => {
    expect(program.gzipped.length).toBeLessThan(bundle.length / 10);
    const agentAddress = await serve();
    expect(await bring({ agentAddress, agentSha256: program.sha256 })).toMatchObject({ brought: true });
    expect(await readFile(agent, "utf8")).toBe(bundle);
  });

  it.each(["put there before", null])("of another sum is not kept: %s", async (before) => {
    if (before !== null) await writeFile(agent, before);
    const agentAddress = await serve();
    const agentSha256 = createHash("sha256").update("what was launched for").digest("hex");
    const { brought, said } = await bring({ agentAddress, agentSha256 });
    expect(brought).toBe(false);
    expect(said).toContain("not the one that was launched for");
    await expect(readFile(`${agent}.new`)).rejects.toThrow("ENOENT");
  });

  it("is waited for while the gateway is away", async () => {
    const address = await serve();
    await gateway?.close();
    gateway = null;
    const brought = bring({ agentAddress: address, agentSha256: program.sha256 });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await serve({ host: "127.0.0.1", port: Number(new URL(address).port) });
    expect(await brought).toMatchObject({ brought: true });
  });

  it("comes by HTTPS from whom the private authority vouches for, and from nobody else", async () => {
    const { ca, cert, key } = await makeCertificates(["IP:127.0.0.1"]);
    const agentAddress = await serve({ host: "127.0.0.1", port: 0, tls: { cert, key } });
    const named = { agentAddress, agentSha256: program.sha256 };
    expect(await bring({ ...named, gatewayCa: ca })).toMatchObject({ brought: true });
    await rm(agent);
    const other = await makeCertificates(["IP:127.0.0.1"]);
    // It tries on until the machine's lease ends.
    await expect(bring({ ...named, gatewayCa: other.ca })).rejects.toMatchObject({ killed: true });
    await expect(readFile(agent)).rejects.toThrow("ENOENT");
  });
});
