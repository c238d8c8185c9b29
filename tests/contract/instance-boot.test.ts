import { createHash, randomBytes, randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import type Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureAgentBundle } from "#bin/cli/agent-bundle.ts";
import type { UserData } from "#grading/machines/provider.ts";
import { AgentRefusal, type AgentService } from "#grading/protocol/agent-service.ts";
import type { InstanceNotice } from "#grading/protocol/messages.ts";
import { type AgentProgram, readAgentProgram } from "#infra/agent-gateway/agent-program.ts";
import { type AgentGateway, type GatewayListen, serveAgentGateway } from "#infra/agent-gateway/serve.ts";
import { chooseUplink } from "#infra/compute/docker/uplink/choose-uplink.ts";
import { addressInMachine } from "#infra/compute/docker/uplink/uplink.ts";
import { createMachineRunner, type MachineRunner } from "#infra/compute/ec2-local/machine-runner.ts";
import { execLines } from "#infra/machine/engine/engine-lines.ts";
import { ensureEngine } from "#infra/machine/engine/ensure-engine.ts";
import { ensureMachineImage } from "#infra/machine/ensure-image.ts";
import { makeCertificates } from "#tests/support/certificates.ts";

const metadata = "http://169.254.169.254";

let docker: Docker;
let stopEngine: () => Promise<void>;
let image: string;
let host: string;
let runner: MachineRunner;
let program: AgentProgram;
let certificates: Awaited<ReturnType<typeof makeCertificates>>;
const shape = { kind: "engine", cpus: 1, memoryMiB: 1024 };
const owner = `test-${randomBytes(4).toString("hex")}`;
const poweredOff = new Map<string, (consoleText: string) => void>();
const errors: unknown[] = [];
beforeAll(async () => {
  const engine = await ensureEngine({ install: false, onProgress: () => {} });
  ({ docker } = engine);
  stopEngine = engine.stop;
  ({ image } = await ensureMachineImage({ docker, machineKind: "engine", onProgress: () => {} }));
  const uplink = await chooseUplink({ docker, image, setting: "tcp", folder: tmpdir() });
  if (uplink.kind !== "tcp") throw new Error("Machines on instances call by TCP.");
  ({ host } = uplink);
  runner = createMachineRunner({
    ...{ docker, owner },
    onPoweredOff: (instanceId, consoleText) => poweredOff.get(instanceId)?.(consoleText),
    onError: (error) => errors.push(error),
  });
  program = await readAgentProgram(await ensureAgentBundle());
  certificates = await makeCertificates(["DNS:host.docker.internal"]);
});
afterAll(async () => {
  await runner.close();
  await stopEngine();
  expect(errors).toEqual([]);
});

/** A gateway that gives one machine a session and never a run. */
async function startGateway(
  listen: GatewayListen = { host, port: 0 },
  token = randomBytes(24).toString("hex"),
  changes: Partial<AgentService> = {},
) {
  const opened = withResolver<number>();
  const noticed = withResolver<InstanceNotice>();
  const none = () => Promise.reject(new Error("There is none."));
  const service: AgentService = {
    admit: async () => ({ assigned: false }),
    openSession: async (given) => {
      expect(given).toBe(token);
      opened.resolve(performance.now());
      return { session: "s".repeat(20), machineId: "mch", warmUp: null };
    },
    nextRun: async () => null,
    heartbeat: async () => ({ leaseUntil: inSeconds(600), cancel: false }),
    takeNotice: async (_, notice) => {
      noticed.resolve(notice);
      return {};
    },
    fileLink: none,
    ...{ reportWarm: none, submissionBytes: none, hiddenBytes: none, appendEvents: none, reportResult: none },
    ...changes,
  };
  const gateway = await serveAgentGateway(service, listen, (error) => errors.push(error), program);
  const { port } = new URL(gateway.address);
  return { gateway, token, opened: opened.promise, noticed: noticed.promise, port: Number(port) };
}

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();

function withResolver<Value>() {
  let resolve: (value: Value) => void = () => {};
  const promise = new Promise<Value>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

function userDataFor(gateway: AgentGateway, token: string, change: Partial<UserData> = {}): UserData {
  return {
    agentAddress: addressInMachine(gateway.address),
    ...{ token, leaseUntil: inSeconds(600), agentSha256: program.sha256, metadataAddress: metadata },
    ...change,
  };
}

/** off: what the machine wrote to its console, once it has powered off. */
async function boot(userData: UserData | null, from = image) {
  const instanceId = `i-${randomUUID().slice(0, 8)}`;
  const off = withResolver<string>();
  poweredOff.set(instanceId, off.resolve);
  const startedAt = performance.now();
  const text = userData === null ? null : JSON.stringify(userData);
  const { container } = await runner.boot({ instanceId, userData: text, image: from, shape });
  const sh = async (script: string) => {
    const lines: string[] = [];
    const onLine = (line: string) => lines.push(line);
    const status = await execLines({ docker, container, command: ["bash", "-c", script], env: [], onLine });
    return { status, output: lines.join("\n") };
  };
  return { instanceId, off: off.promise, sh, startedAt };
}

async function leftovers() {
  const filters = { label: [`drydock.ec2-local=${owner}`] };
  const { Volumes: volumes } = await docker.listVolumes({ filters });
  const lists = [
    await docker.listContainers({ all: true, filters }),
    await docker.listNetworks({ filters }),
    volumes,
  ];
  return lists.map((list) => list?.length ?? 0);
}

describe("a machine booted as an instance", () => {
  let machine: Awaited<ReturnType<typeof boot>>;
  let gateway: Awaited<ReturnType<typeof startGateway>>;
  let userData: UserData;
  beforeAll(async () => {
    gateway = await startGateway();
    userData = userDataFor(gateway.gateway, gateway.token);
    machine = await boot(userData);
    const seconds = ((await gateway.opened) - machine.startedAt) / 1000;
    console.log(`From launch to the agent's first call: ${seconds.toFixed(1)} s`);
  });
  afterAll(async () => {
    await runner.kill(machine.instanceId);
    await gateway.gateway.close();
  });

  it("was given nothing: user data and agent came from the metadata service and the gateway", async () => {
    const { Mounts, Config: config } = await docker
      .getContainer((await idOf(machine.instanceId)) ?? "")
      .inspect();
    expect(Mounts.filter(({ Type }) => Type === "bind")).toEqual([]);
    expect(config.Env?.join() ?? "").not.toContain(userData.token);
    const { output } = await machine.sh(
      "cat /run/drydock/user-data.json; stat -c ' %a' /run/drydock/user-data.json",
    );
    expect(output).toBe(`${JSON.stringify(userData)} 600`);
    const sum = await machine.sh("sha256sum < /opt/drydock/agent.mjs");
    expect(sum.output).toBe(`${userData.agentSha256}  -`);
  });

  it("is told nothing without a token of version 2", async () => {
    const status = "curl -s -o /dev/null -w '%{http_code}'";
    expect((await machine.sh(`${status} ${metadata}/latest/user-data`)).output).toBe("401");
    expect((await machine.sh(`${status} -X POST ${metadata}/latest/api/token`)).output).toBe("405");
  });

  it("reaches nothing of its network but the gateway and the metadata service", async () => {
    expect((await machine.sh("ip route get 1.1.1.1")).status).not.toBe(0);
    expect((await machine.sh("ip route show default")).output).toBe("");
    expect((await machine.sh(`curl -sS --max-time 2 ${metadata}:8080`)).status).not.toBe(0);
  });

  it("tells of a notice within ten seconds", async () => {
    const time = "2027-01-01T10:00:00Z";
    const said = performance.now();
    await runner.notice(machine.instanceId, { action: "terminate", time });
    expect(await gateway.noticed).toEqual({ kind: "interruption", at: "2027-01-01T10:00:00.000Z" });
    const seconds = (performance.now() - said) / 1000;
    console.log(`From notice to gateway: ${seconds.toFixed(1)} s`);
    expect(seconds).toBeLessThan(10);
  });
});

describe("by HTTPS, with a private authority", () => {
  let machine: Awaited<ReturnType<typeof boot>>;
  let gateway: Awaited<ReturnType<typeof startGateway>>;
  beforeAll(async () => {
    const { cert, key, ca } = certificates;
    gateway = await startGateway({ host, port: 0, tls: { cert, key } });
    const agentAddress = `https://host.docker.internal:${gateway.port}`;
    machine = await boot(userDataFor(gateway.gateway, gateway.token, { agentAddress, gatewayCa: ca }));
    await gateway.opened;
  });
  afterAll(async () => {
    await runner.kill(machine.instanceId);
    await gateway.gateway.close();
  });

  const ask = `curl -sS --max-time 3 -o /dev/null -w '%{http_code}' ${metadata}/latest/user-data`;
  const inContainer = (network: string) =>
    machine.sh(
      `docker run --rm --network ${network} node node -e "fetch('${metadata}/latest/user-data', { signal: AbortSignal.timeout(3000) }).then((r) => console.log(r.status), (e) => console.log(e.name))"`,
    );

  it("keeps its containers from the metadata service by a rule, and by the hop limit where that is gone", async () => {
    expect((await inContainer("bridge")).output).toBe("TimeoutError");
    const gone = await machine.sh("iptables -t mangle -D FORWARD -d 169.254.169.254 -j DROP");
    expect(gone).toEqual({ status: 0, output: "" });
    expect((await inContainer("bridge")).output).toBe("TimeoutError");
    // It is the time to live that holds it: with one hop more in each answer it is there.
    const raise = "iptables -t mangle -A PREROUTING -s 169.254.169.254 -j TTL --ttl-inc 1";
    expect(await machine.sh(raise)).toEqual({ status: 0, output: "" });
    expect((await inContainer("bridge")).output).toBe("401");
    // What the hop limit does not hold, and no answer without a token either.
    expect((await inContainer("host")).output).toBe("401");
    expect((await machine.sh(ask)).output).toBe("401");
  });
});

describe("an instance powers off, and nothing of it is left,", () => {
  it("when it has no user data", async () => {
    const { off } = await boot(null);
    expect(await off).toMatch(/there are no user data[\s\S]*the machine has no user data, powering off/);
    expect(await leftovers()).toEqual([0, 0, 0]);
  });

  it("when the agent that comes is not the one of its user data, which is never run", async () => {
    const { gateway, token, opened } = await startGateway();
    let called = false;
    void opened.then(() => {
      called = true;
    });
    const agentSha256 = createHash("sha256").update("another agent").digest("hex");
    const { off } = await boot(userDataFor(gateway, token, { agentSha256 }));
    const said = await off;
    expect(said).toContain("the agent that came is not the one that was launched for");
    expect(said).not.toContain("agent:");
    expect(called).toBe(false);
    await gateway.close();
    expect(await leftovers()).toEqual([0, 0, 0]);
  });

  it("when its agent has nothing left to do, with its lease far ahead and nobody who would end it", async () => {
    const { gateway, token, opened } = await startGateway(undefined, undefined, {
      nextRun: () =>
        Promise.reject(new AgentRefusal(409, "not-wanted", "The machine is not wanted any more.")),
    });
    const { off } = await boot(userDataFor(gateway, token, { leaseUntil: inSeconds(3_600) }));
    await opened;
    expect(await off).toContain("the agent ended with status");
    await gateway.close();
    expect(await leftovers()).toEqual([0, 0, 0]);
  });

  it("at its lease's end, with every part of Drydock dead, also while it waits for its agent", async () => {
    const { gateway, token } = await startGateway();
    await gateway.close();
    const leaseUntil = inSeconds(20);
    const { off } = await boot(userDataFor(gateway, token, { leaseUntil }));
    expect(await off).toContain("the lease ended at");
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(leaseUntil) - 1000);
    expect(await leftovers()).toEqual([0, 0, 0]);
  });

  it("at the end of the longest life of any machine, though its lease says tomorrow", async () => {
    const short = await withLongestLife("15");
    const { gateway, token, opened } = await startGateway();
    const { off, startedAt } = await boot(
      userDataFor(gateway, token, { leaseUntil: inSeconds(86_400) }),
      short,
    );
    await opened;
    await gateway.close();
    expect(await off).toContain("no machine lives longer than 15 s, powering off");
    expect(performance.now() - startedAt).toBeGreaterThan(15_000);
    expect(await leftovers()).toEqual([0, 0, 0]);
    await docker.getImage(short).remove();
  });
});

describe("a gateway that is away when the instance boots", () => {
  it("is waited for, and hands out agent and session when it is back", async () => {
    const first = await startGateway();
    await first.gateway.close();
    const { instanceId } = await boot(userDataFor(first.gateway, first.token));
    await wait(8_000);
    const second = await startGateway({ host, port: first.port }, first.token);
    await second.opened;
    await runner.kill(instanceId);
    await second.gateway.close();
    expect(await leftovers()).toEqual([0, 0, 0]);
  });
});

/** The machine of this instance by its label: what the runner holds is its own. */
async function idOf(instanceId: string): Promise<string | undefined> {
  const filters = { label: [`drydock.ec2-local.instance=${instanceId}`] };
  const machines = await docker.listContainers({ filters });
  return machines.find(({ Command: command }) => command.includes("boot.sh"))?.Id;
}

/** The machine's image with another word in the file that its last timer reads. */
async function withLongestLife(seconds: string): Promise<string> {
  const container = await docker.createContainer({
    Image: image,
    Cmd: ["sh", "-c", `echo ${seconds} > /opt/drydock/boot/longest-life`],
    Labels: { "drydock.ec2-local": owner },
  });
  await container.start();
  await container.wait();
  await container.commit({ repo: "drydock-test", tag: owner });
  await container.remove();
  return `drydock-test:${owner}`;
}
