import { access, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureAgentBundle } from "#bin/cli/agent-bundle.ts";
import { exerciseSpec } from "#grading/exercises/spec/spec.ts";
import { serveAgentGateway } from "#infra/agent-gateway/serve.ts";
import { createDockerProvider } from "#infra/compute/docker/docker-provider.ts";
import { reapContainers } from "#infra/compute/docker/reap-containers.ts";
import { describeMachineImage } from "#infra/machine/ensure-image.ts";
import {
  type BootedMachine,
  type DockerMachines,
  startDockerMachines,
  untilRemoved,
} from "./support/docker-machines.ts";

const oneCheck = [
  { id: "files", kind: "files/required", title: "Files", points: 1, timeoutSeconds: 10, with: {} },
];

let machines: DockerMachines;
beforeAll(async () => {
  machines = await startDockerMachines();
});
afterAll(() => machines.close());

describe("a machine of the docker provider", () => {
  let booted: BootedMachine;
  beforeAll(async () => {
    booted = await machines.boot("shared");
  });
  afterAll(() => machines.provider.terminate(booted.machine.instanceId));
  const output = async (script: string) => (await booted.sh(script)).output;

  it("starts the agent with the user data of its launch, beside an engine that answers", () => {
    expect(booted.first.engine).toBe("OK");
    expect(booted.first.userData).toEqual(booted.spec.userData);
  });

  it("reaches the gateway through a folder that it cannot write to", async () => {
    const { status, output: said } = await booted.sh("touch /run/drydock/gateway/mine");
    expect(status).not.toBe(0);
    expect(said).toContain("Read-only file system");
    await expect(access(path.join(machines.gateway.dir, "mine"))).rejects.toThrow();
  });

  it("reaches a gateway that was restarted, without being started again itself", async () => {
    await machines.gateway.restart();
    expect(await readdir(machines.gateway.dir)).toEqual(["agent.sock"]);
    const call = await machines.gateway.nextCall(booted.spec.userData.token);
    expect(call.userData.token).toBe(booted.spec.userData.token);
  });

  it("has no network but its own loopback and its engine's bridge", async () => {
    const links = await output("ip -o link | cut -d: -f2 | tr -d ' ' | grep -v ^veth | sort | xargs");
    expect(links).toBe("docker0 lo");
    expect(await output("ip route show default")).toBe("");
    expect(await output("grep -v 127.0.0.1 /etc/resolv.conf | grep nameserver")).toBe("");
  });

  it("has the processors, memory and processes of its kind and no more", async () => {
    const { HostConfig } = await machines.docker.getContainer(booted.machine.instanceId).inspect();
    expect(HostConfig).toMatchObject({
      NanoCpus: 1e9,
      Memory: 1024 ** 3,
      MemorySwap: 1024 ** 3,
      PidsLimit: 4096,
    });
    const read = (v1: string, v2: string) =>
      output(`cat /sys/fs/cgroup/${v1} 2>/dev/null || cat /sys/fs/cgroup/${v2}`);
    expect(await read("memory/memory.limit_in_bytes", "memory.max")).toBe(String(1024 ** 3));
    expect(await read("pids/pids.max", "pids.max")).toBe("4096");
  });

  it("can neither load a kernel module nor open a disk of the host", async () => {
    const capabilities = BigInt(`0x${await output("awk '/^CapEff/ {print $2}' /proc/1/status")}`);
    const sysModule = 16n;
    const sysRawio = 17n;
    expect((capabilities >> sysModule) & 1n).toBe(0n);
    expect((capabilities >> sysRawio) & 1n).toBe(0n);
    const disk = await booted.sh(
      "set -- $(awk '$4 ~ /^[a-z]+$/ && $3 > 100000 {print $1, $2; exit}' /proc/partitions); mknod /tmp/disk b $1 $2; head -c1 /tmp/disk",
    );
    expect(disk.output).toContain("Operation not permitted");
  });

  it("runs in the runtime that is set, and says which one the engine does not know", async () => {
    const { provider, spec } = machines;
    const elsewhere = createDockerProvider({ ...machines.options, runtime: "nobody-installed-this" });
    await expect(elsewhere.launch(spec("runtime"))).rejects.toMatchObject({
      kind: "misconfigured",
      message: expect.stringContaining("nobody-installed-this"),
    });
    const machine = await createDockerProvider({ ...machines.options, runtime: "runc" }).launch(spec("runc"));
    const { HostConfig } = await machines.docker.getContainer(machine.instanceId).inspect();
    expect(HostConfig.Runtime).toBe("runc");
    await provider.terminate(machine.instanceId);
  });

  it.runIf(process.arch === "x64")(
    "is refused the system calls of the host that no engine needs",
    async () => {
      expect(await output("awk '/^Seccomp:/ {print $2}' /proc/1/status")).toBe("2");
      // Numbers of x86_64. keyctl is said to be missing (38), since runc goes on without keyrings only then; others 1.
      const answers = await output(
        `perl -e 'for my $n (250, 248, 298, 323, 304, 246, 175, 425) { $! = 0; syscall($n, 0, 0, 0, 0, 0, 0); print $! + 0, " " }'`,
      );
      expect(answers.trim()).toBe("38 38 1 1 1 1 1 38");
    },
  );

  it("builds FROM every image and tag of its catalogue with no network", async () => {
    const catalogue = JSON.parse(await output("cat /opt/drydock/catalogue.json")) as {
      images: { name: string; version: string; tags: string[] }[];
    };
    expect(catalogue.images.map((image) => image.name)).toEqual([
      "debian",
      "busybox",
      "python",
      "node",
      "nginx",
    ]);
    const named = catalogue.images.flatMap((image) => image.tags.map((tag) => `${image.name}:${tag}`));
    expect(named).toEqual(
      expect.arrayContaining(["debian:trixie", "debian:trixie-slim", "busybox:latest", "python:3.13-slim"]),
    );
    expect(named).toEqual(expect.arrayContaining(["node:20", "node:20-slim", "nginx:latest", "nginx:1"]));
    expect((await output("docker images --format '{{.Repository}}:{{.Tag}}'")).split("\n").sort()).toEqual(
      named.sort(),
    );
    for (const { name } of catalogue.images) {
      const built = await booted.sh(
        `mkdir -p /tmp/${name} && cd /tmp/${name} && printf 'FROM ${name}\\nRUN echo made in ${name} > /made\\n' > Dockerfile && docker build -q -t made-${name} . && docker run --rm --entrypoint cat made-${name} /made`,
      );
      expect(built.output).toContain(`made in ${name}`);
      expect(built.status).toBe(0);
    }
  });

  it("says by its image which versions are in it, and of which day", async () => {
    const image = await describeMachineImage(machines.docker, "engine");
    expect(image?.image).toBe(machines.image);
    const { engine, containerd, runc, debian } = image?.versions ?? {};
    const installed = await output(
      `dpkg-query -W -f='\${Version} ' docker.io containerd runc; cat /etc/debian_version`,
    );
    // dpkg names them in its own order.
    expect(`${containerd} ${engine} ${runc} ${debian}`).toBe(installed);
    expect(image?.madeAt.getTime()).toBeLessThan(Date.now());
  });

  it("has nothing of Kubernetes", async () => {
    expect((await booted.sh("ls /opt/kubernetes")).status).not.toBe(0);
  });

  it("gives each base image what the real one is known for", async () => {
    const config = async (image: string) =>
      JSON.parse(await output(`docker image inspect ${image} --format '{{json .Config}}'`));
    expect(await config("nginx")).toMatchObject({ ExposedPorts: { "80/tcp": {} }, StopSignal: "SIGQUIT" });
    expect((await config("python")).Cmd).toEqual(["python3"]);
    expect((await config("busybox")).Cmd).toEqual(["sh"]);
    expect(await output("docker run --rm python python -c 'print(6*7)'")).toBe("42");
    expect(await output("docker run --rm node -p 6*7")).toBe("42");
    expect(await output("docker run --rm --user node node npm --version")).toMatch(/^\d+\./);
    expect(await output("docker run --rm busybox sh -c 'busybox --list | grep -c .'")).toMatch(/^\d{3}$/);
    expect(await output("docker run --rm debian sh -c 'command -v apt-get'")).toBe("/usr/bin/apt-get");
    const page = await output(
      "docker run -d --name web -p 8080:80 nginx > /dev/null && curl -s --retry 20 --retry-delay 1 --retry-all-errors 127.0.0.1:8080; docker rm -f web > /dev/null",
    );
    expect(page).toContain("Welcome to nginx!");
  });

  it("names an image that is not in the catalogue at once instead of searching for it", async () => {
    const { status, output: said } = await booted.sh(
      "mkdir -p /tmp/unknown && cd /tmp/unknown && printf 'FROM nobody/made-this:1\\nRUN true\\n' > Dockerfile && timeout 10 docker build .",
    );
    expect(status).toBe(1);
    expect(said).toContain("nobody/made-this:1: failed to resolve source metadata");
  });

  it("keeps a pushed image in a registry of its own", async () => {
    const { status, output: said } = await booted.sh(`
      docker-registry serve /etc/docker/registry/config.yml > /tmp/registry.log 2>&1 & registry=$!
      curl -s -o /dev/null --retry 20 --retry-delay 1 --retry-all-errors 127.0.0.1:5000/v2/
      docker tag busybox 127.0.0.1:5000/kept && docker push -q 127.0.0.1:5000/kept &&
        docker rmi 127.0.0.1:5000/kept > /dev/null && docker run --rm 127.0.0.1:5000/kept echo pulled again
      status=$?; kill $registry; exit $status`);
    expect(said).toContain("pulled again");
    expect(status).toBe(0);
  });

  it("holds a fork bomb in a RUN step, while engine and agent go on", async () => {
    const build = booted.sh(
      "mkdir -p /tmp/bomb && cd /tmp/bomb && printf 'FROM debian\\nRUN bomb() { bomb | bomb & }; bomb; sleep 4\\n' > Dockerfile && docker build --no-cache --progress plain --cgroup-parent drydock-build .",
    );
    const meanwhile = [];
    for (let i = 0; i < 3; i++) meanwhile.push(await machines.gateway.nextCall(booted.spec.userData.token));
    expect(await output("docker run --rm busybox echo alive")).toBe("alive");
    expect((await build).output).toContain("Cannot fork");
    expect(meanwhile).toHaveLength(3);
  });

  it("kills what takes too much memory in a RUN step, and nothing else", async () => {
    const { status, output: said } = await booted.sh(
      "mkdir -p /tmp/hog && cd /tmp/hog && printf 'FROM python\\nRUN python -c \"bytearray(2*10**9)\"\\n' > Dockerfile && docker build --no-cache --progress plain --cgroup-parent drydock-build .",
    );
    expect(status).toBe(1);
    expect(said).toContain("exit code: 137");
    expect(await output("docker run --rm busybox echo alive")).toBe("alive");
  });
});

describe("a machine of the docker provider ends", () => {
  const removed = (id: string) => untilRemoved(machines.docker, id);

  it("when its agent ends, and leaves neither container nor volume", async () => {
    const { machine, spec } = await machines.boot("agent-ends");
    const gone = removed(machine.instanceId);
    machines.gateway.end(spec.userData.token);
    await gone;
    expect(await machines.leftovers()).toEqual([]);
  });

  it("at its lease's end, though no process can be started in it any more", async () => {
    const { machine, sh } = await machines.boot("bomb", 15);
    const gone = removed(machine.instanceId);
    // As the machine's own root, outside every limit but the machine's.
    await sh("bomb() { bomb | bomb & }; bomb");
    await gone;
    expect(await machines.leftovers()).toEqual([]);
  });

  it("at the lease of the run that took it, with every part of Drydock dead, though the pool gave it an hour", async () => {
    const dir = await mkdtemp(path.join(tmpdir(), "drydock-taken-"));
    const token = "a-token-for-one-machine-only";
    let hasOrder = () => {};
    const ordered = new Promise<void>((resolve) => {
      hasOrder = resolve;
    });
    const order = {
      runId: "run_1",
      attempt: 1,
      spec: exerciseSpec.parse({ slug: "taken", title: "Taken", requiredFiles: [], checks: oneCheck }),
      submission: { fileName: "work.zip", sha256: "0".repeat(64), bytes: 10 },
      hidden: { bytes: 0 },
      leaseUntil: new Date(Date.now() + 25_000).toISOString(),
    };
    const refuse = async () => Promise.reject(new Error("There is nothing."));
    const gateway = await serveAgentGateway(
      {
        admit: async () => ({ assigned: true }),
        openSession: async () => ({ session: "s".repeat(20), machineId: "taken", warmUp: null }),
        takeNotice: async () => ({}),
        reportWarm: async () => ({}),
        nextRun: async () => order,
        heartbeat: async () => ({ leaseUntil: hourAhead, cancel: false }),
        // Asked for once it has its order.
        submissionBytes: async () => {
          hasOrder();
          return refuse();
        },
        hiddenBytes: refuse,
        fileLink: async () => null,
        appendEvents: refuse,
        reportResult: refuse,
      },
      { socketPath: path.join(dir, "agent.sock") },
      () => {},
    );
    const hourAhead = new Date(Date.now() + 3_600_000).toISOString();
    const provider = createDockerProvider({
      ...machines.options,
      agentBundle: await ensureAgentBundle(),
      gatewayDir: dir,
    });
    const spec = machines.spec("taken", 3600);
    const { instanceId } = await provider.launch({ ...spec, userData: { ...spec.userData, token } });
    try {
      await ordered;
      await gateway.close();
      await removed(instanceId);
      expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(order.leaseUntil) - 1000);
      expect(await machines.leftovers()).toEqual([]);
    } finally {
      await provider.terminate(instanceId);
      await rm(dir, { recursive: true });
    }
  });

  it("at once when its lease is over before it has begun", async () => {
    const spec = machines.spec("late", -5);
    await machines.provider.launch(spec);
    await removed(`drydock-${machines.installation}-late`);
    expect(await machines.leftovers()).toEqual([]);
  });
});

describe("drydock fleet reap, on this engine,", () => {
  const reap = (at: Date, options = {}) =>
    reapContainers(machines.docker, machines.installation, at, options);

  it("ends a machine past its lease whose agent and timer go on, and neither a fresh one nor another's", async () => {
    const overdue = await machines.provider.launch(machines.spec("overdue", 600));
    const fresh = await machines.provider.launch(machines.spec("fresh", 7_200));
    const theirs = { ...machines.spec("theirs", 600), installation: `${machines.installation}-2` };
    const foreign = await machines.provider.launch(theirs);
    try {
      const inAnHour = new Date(Date.now() + 3_600_000);
      expect(await reap(new Date())).toEqual({ seen: 2, overdue: [], ended: [], failed: [] });
      const dry = await reap(inAnHour, { dryRun: true });
      expect(dry.overdue.map(({ instanceId }) => instanceId)).toEqual([overdue.instanceId]);
      expect(dry.ended).toEqual([]);
      expect((await reap(inAnHour)).ended).toEqual([overdue.instanceId]);
      expect((await machines.provider.list(machines.installation)).map(({ machineId }) => machineId)).toEqual(
        ["fresh"],
      );
      expect((await machines.provider.list(theirs.installation)).map(({ state }) => state)).toEqual([
        "running",
      ]);
    } finally {
      for (const { instanceId } of [overdue, fresh, foreign]) await machines.provider.terminate(instanceId);
    }
    expect(await machines.leftovers()).toEqual([]);
  });
});

describe("what a crash of the engine or a stranger leaves", () => {
  const labels = (leaseSeconds: number) => ({
    "drydock.installation": machines.installation,
    "drydock.cluster": "crashed",
    "drydock.lease": new Date(Date.now() + leaseSeconds * 1000).toISOString(),
  });

  it("a volume without its machine is listed as a stopped machine and ends with it", async () => {
    await machines.docker.createVolume({ Name: `${machines.installation}-orphan`, Labels: labels(600) });
    expect(await machines.provider.list(machines.installation)).toEqual([]);
    const later = createDockerProvider({ ...machines.options, clock: () => new Date(Date.now() + 61_000) });
    const [orphan] = await later.list(machines.installation);
    expect(orphan).toMatchObject({ machineId: "crashed", state: "stopped" });
    await later.terminate(orphan?.instanceId ?? "");
    expect(await machines.leftovers()).toEqual([]);
  });

  it("a network without its machine is listed at once when the lease is over, and ends with it", async () => {
    const name = `${machines.installation}-orphan`;
    await machines.docker.createNetwork({ Name: name, Labels: labels(-1) });
    const [orphan] = await machines.provider.list(machines.installation);
    expect(orphan).toMatchObject({ machineId: "crashed", state: "stopped" });
    await machines.provider.terminate(orphan?.instanceId ?? "");
    expect(await machines.leftovers()).toEqual([]);
  });

  it("a machine from before installations had ids is in nobody's list and ends by its name", async () => {
    const { docker, image, installation, provider } = machines;
    const { "drydock.installation": deployment, ...others } = labels(600);
    const name = `drydock-${deployment}-crashed`;
    const former = { "drydock.deployment": deployment, ...others };
    await docker.createContainer({ name, Image: image, Cmd: ["true"], Labels: former });
    await docker.createVolume({ Name: `${deployment}-former`, Labels: former });
    expect(await provider.list(installation)).toEqual([]);
    await provider.terminate(name);
    await expect(docker.getContainer(name).inspect()).rejects.toMatchObject({ statusCode: 404 });
    await expect(docker.getVolume(`${deployment}-former`).inspect()).rejects.toMatchObject({
      statusCode: 404,
    });
  });

  it("a stranger's container of the same name is neither taken for a machine nor removed", async () => {
    const name = `drydock-${machines.installation}-stranger`;
    const stranger = await machines.docker.createContainer({ name, Image: machines.image, Cmd: ["true"] });
    try {
      await expect(machines.provider.launch(machines.spec("stranger"))).rejects.toMatchObject({
        kind: "misconfigured",
        message: expect.stringContaining("is not Drydock's"),
      });
      await machines.provider.terminate(name);
      expect((await stranger.inspect()).State.Status).toBe("created");
    } finally {
      await stranger.remove();
    }
  });
});
