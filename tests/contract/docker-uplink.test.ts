import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDockerProvider } from "#infra/compute/docker/docker-provider.ts";
import { machineContainer, machineFiles } from "#infra/compute/docker/machine-container.ts";
import { makeNetwork } from "#infra/compute/docker/machine-network.ts";
import { runOnce } from "#infra/compute/docker/run-once.ts";
import { chooseUplink } from "#infra/compute/docker/uplink/choose-uplink.ts";
import {
  type BootedMachine,
  type DockerMachines,
  startDockerMachines,
  untilRemoved,
} from "./support/docker-machines.ts";

let machines: DockerMachines;
beforeAll(async () => {
  machines = await startDockerMachines("tcp");
});
afterAll(() => machines.close());

describe("the way from machines to Drydock", () => {
  const choose = (folder: string) =>
    chooseUplink({ docker: machines.docker, image: machines.image, setting: "auto", folder });

  it("is the socket wherever a container reaches one", async () => {
    expect(await choose(tmpdir())).toEqual({ kind: "socket" });
  });

  it("is TCP where a socket in the folder does not cross into the engine", async () => {
    // A folder of the same name that is another one there, as with an engine on another system.
    const parent = await mkdtemp(path.join(tmpdir(), "drydock-far-"));
    const far = new Proxy(machines.docker, {
      get: (docker, name) =>
        name === "createContainer"
          ? (options: Parameters<typeof docker.createContainer>[0]) => {
              const mounts = options.HostConfig?.Mounts?.map((mount) => ({ ...mount, Source: "/opt" }));
              return docker.createContainer({
                ...options,
                HostConfig: { ...options.HostConfig, ...(mounts ? { Mounts: mounts } : {}) },
              });
            }
          : (Reflect.get(docker, name).bind?.(docker) ?? Reflect.get(docker, name)),
    });
    try {
      const { uplink } = machines.options;
      expect(uplink.kind).toBe("tcp");
      const chosen = await chooseUplink({
        docker: far,
        image: machines.image,
        setting: "auto",
        folder: parent,
      });
      expect(chosen).toEqual(uplink);
    } finally {
      await rm(parent, { recursive: true });
    }
  });
});

describe("a machine that calls Drydock by TCP", () => {
  let booted: BootedMachine;
  let host: Server;
  let hostPort: number;
  beforeAll(async () => {
    host = createServer((_, response) => response.end("a service of the host"));
    host.listen(0, "0.0.0.0");
    await once(host, "listening");
    hostPort = (host.address() as AddressInfo).port;
    booted = await machines.boot("first");
  });
  afterAll(async () => {
    await machines.provider.terminate(booted.machine.instanceId);
    host.close();
  });
  const ownNetwork = async (instanceId: string) => {
    const { NetworkSettings } = await machines.docker.getContainer(instanceId).inspect();
    const [network] = Object.values(NetworkSettings.Networks);
    if (!network) throw new Error(`${instanceId} has no network.`);
    return network;
  };
  /** Every address at which an ordinary container finds the host. */
  const hostAddresses = async () => [
    "host.docker.internal",
    (await ownNetwork(booted.machine.instanceId)).Gateway,
    ...Object.values(networkInterfaces()).flatMap(
      (links) =>
        links
          ?.filter(({ family, internal }) => family === "IPv4" && !internal)
          .map(({ address }) => address) ?? [],
    ),
  ];
  const visit = (address: string, port: number) => `curl -sS --max-time 2 http://${address}:${port}`;
  const inner = (command: string) =>
    `docker run --rm --add-host host.docker.internal:$(getent ahostsv4 host.docker.internal | awk 'NR == 1 {print $1}') node node -e ${JSON.stringify(command)}`;

  it("reaches the gateway, also one that was restarted", async () => {
    expect(booted.first.userData).toEqual(booted.spec.userData);
    expect(booted.first.userData.agentAddress).toMatch(/^http:\/\/host\.docker\.internal:\d+$/);
    await machines.gateway.restart();
    await machines.gateway.nextCall(booted.spec.userData.token);
  });

  it("mounts no folder of the host", async () => {
    const { Mounts } = await machines.docker.getContainer(booted.machine.instanceId).inspect();
    expect(Mounts.filter(({ Type }) => Type === "bind")).toEqual([]);
  });

  it("reaches no other port of the host, which ordinary containers do", async () => {
    for (const address of await hostAddresses()) {
      const ordinary = await runOnce(
        machines.docker,
        machines.image,
        ["bash", "-c", visit(address, hostPort)],
        { NetworkMode: "bridge", ExtraHosts: ["host.docker.internal:host-gateway"] },
      );
      expect(ordinary).toContain("a service of the host");
      const { status, output } = await booted.sh(visit(address, hostPort));
      expect(output).toMatch(/Failed to connect|timed out/);
      expect(status).not.toBe(0);
    }
  });

  it("lets its containers reach neither the host nor the gateway", async () => {
    const gateway = new URL(booted.spec.userData.agentAddress);
    for (const address of await hostAddresses()) {
      for (const port of [hostPort, Number(gateway.port)]) {
        const call = `require('net').connect({ host: '${address}', port: ${port}, timeout: 1500 }).on('connect', () => console.log('reached')).on('timeout', () => process.exit(7)).on('error', () => process.exit(7))`;
        expect(await booted.sh(inner(call))).toEqual({ status: 7, output: "" });
      }
    }
  });

  it("reaches no other machine, and no other machine reaches it", async () => {
    const other = await machines.boot("second");
    try {
      for (const [from, to] of [
        [booted, other],
        [other, booted],
      ] as const) {
        const { IPAddress } = await ownNetwork(to.machine.instanceId);
        await to.sh(
          "node -e \"require('http').createServer((q, r) => r.end('machine')).listen(8080)\" & sleep 0.5",
        );
        expect((await to.sh(`curl -s --retry 20 --retry-all-errors ${IPAddress}:8080`)).output).toBe(
          "machine",
        );
        expect((await from.sh(visit(IPAddress, 8080))).status).not.toBe(0);
      }
    } finally {
      await machines.provider.terminate(other.machine.instanceId);
    }
  });

  it("is not reached from the host", async () => {
    const { IPAddress } = await ownNetwork(booted.machine.instanceId);
    await booted.sh("node -e \"require('http').createServer((q, r) => r.end('machine')).listen(8081)\" &");
    expect((await booted.sh(`curl -s --retry 20 --retry-all-errors ${IPAddress}:8081`)).output).toBe(
      "machine",
    );
    await expect(fetch(`http://${IPAddress}:8081`, { signal: AbortSignal.timeout(2000) })).rejects.toThrow();
  });

  it("has no name server, neither the outer engine's nor the world's", async () => {
    expect((await booted.sh("getent hosts example.com drydock-nobody")).output).toBe("");
    const ask = (server: string) =>
      `const r = new (require('dns').promises.Resolver)({ timeout: 1000, tries: 1 }); r.setServers(['${server}']); r.resolve4('example.com').then((a) => console.log('answer', a), (e) => console.log(e.code))`;
    for (const server of ["127.0.0.11", "1.1.1.1"]) {
      expect((await booted.sh(`node -e "${ask(server)}"`)).output).toMatch(/^(ETIMEOUT|ECONNREFUSED)$/);
    }
    for (const server of ["8.8.8.8", (await ownNetwork(booted.machine.instanceId)).Gateway]) {
      expect((await booted.sh(inner(ask(server)))).output).toMatch(/^(ETIMEOUT|ECONNREFUSED)$/);
    }
  });

  it("has no way to the internet, by IPv6 neither", async () => {
    expect((await booted.sh("ip route get 1.1.1.1")).status).not.toBe(0);
    expect((await booted.sh("ip -6 route show default")).output).toBe("");
    expect((await booted.sh("ip6tables -t mangle -S POSTROUTING")).output).toContain("-o eth0 -j DROP");
  });

  it("keeps its rules though the engine in it writes its own", async () => {
    const rules = await booted.sh("iptables -t mangle -S");
    await booted.sh("docker network create more && docker run --rm --network more -p 9000:9000 busybox true");
    expect(await booted.sh("iptables -t mangle -S")).toEqual(rules);
    expect(rules.output).toContain("-A FORWARD -o eth0 -j DROP");
  });
});

describe("a machine that calls Drydock by TCP ends", () => {
  it("with nothing left: container, volume, network", async () => {
    const { machine } = await machines.boot("ends");
    expect(await machines.leftovers()).toEqual([
      expect.stringContaining("ends"),
      expect.stringContaining("volume"),
      expect.stringContaining("network"),
    ]);
    await machines.provider.terminate(machine.instanceId);
    expect(await machines.leftovers()).toEqual([]);
  });

  it("by itself and leaves a network, which is listed as a stopped machine and ends with it", async () => {
    const { machine, spec } = await machines.boot("ends-itself");
    machines.gateway.end(spec.userData.token);
    await untilRemoved(machines.docker, machine.instanceId);
    expect(await machines.leftovers()).toEqual([`network ${machine.instanceId}`]);
    // Young enough to be half of a launch.
    expect(await machines.provider.list(machines.installation)).toEqual([]);
    const later = createDockerProvider({ ...machines.options, clock: () => new Date(Date.now() + 61_000) });
    expect(await later.list(machines.installation)).toMatchObject([
      { machineId: "ends-itself", state: "stopped" },
    ]);
    await later.terminate(machine.instanceId);
    expect(await machines.leftovers()).toEqual([]);
  });

  it.each([
    ["its rules cannot be set", ["NET_ADMIN"], (address: string) => address],
    ["its address has no port to keep open", [], () => "http://host.docker.internal"],
    ["it has a network that its address does not need", [], () => "unix:/run/drydock/gateway/agent.sock"],
  ])("before its engine and agent start when %s, and says so", async (_, without, change) => {
    const spec = machines.spec(`fails-closed-${without.length}`);
    spec.userData.agentAddress = change(spec.userData.agentAddress);
    const { id: networkId } = await makeNetwork(machines.docker, spec);
    const asked = machineContainer(spec, { ...machines.options, image: machines.image, networkId });
    const { CapAdd } = asked.HostConfig ?? {};
    const container = await machines.docker.createContainer({
      ...asked,
      HostConfig: {
        ...asked.HostConfig,
        AutoRemove: false,
        CapAdd: (CapAdd ?? []).filter((capability: string) => !without.includes(capability)),
      },
    });
    try {
      await container.putArchive(await machineFiles(spec, machines.options.agentBundle), { path: "/" });
      await container.start();
      await container.wait();
      const log = await text(await container.logs({ stdout: true, stderr: true, follow: true }));
      expect(log).toContain("the machine's network could not be closed, powering off");
      expect(log).not.toContain("agent ended");
    } finally {
      await machines.provider.terminate(`drydock-${machines.installation}-${spec.machineId}`);
    }
  });
});
