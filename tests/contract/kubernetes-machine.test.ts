import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readModules } from "#infra/machine/binaries/modules.ts";
import { findRecipe, readFiles } from "#infra/machine/recipe.ts";
import { type BootedMachine, type DockerMachines, startDockerMachines } from "./support/docker-machines.ts";

let machines: DockerMachines;
let booted: BootedMachine;
beforeAll(async () => {
  machines = await startDockerMachines("socket", "engine+kubernetes");
  booted = await machines.boot("kubernetes");
}, 1_800_000);
afterAll(() => machines.close());
const output = async (script: string) => (await booted.sh(script)).output;

describe("a machine with a Kubernetes", () => {
  it("boots as every machine does, with an engine that answers", () => {
    expect(booted.first.engine).toBe("OK");
  });

  it("has Kubernetes' programs in the versions that are pinned", async () => {
    const modules = readModules(await readFiles(await findRecipe(), "kubernetes-binaries"));
    const version = (name: string) => modules.find((module) => module.name === name)?.version ?? "none";
    const say = (command: string) => output(`/opt/kubernetes/bin/${command}`);
    for (const program of [
      "kube-apiserver",
      "kube-controller-manager",
      "kube-scheduler",
      "kube-proxy",
      "kubelet",
    ]) {
      expect(await say(`${program} --version`)).toBe(`Kubernetes ${version("kubernetes")}`);
    }
    expect(await say("kubectl version --client")).toContain(`Client Version: ${version("kubernetes")}`);
    expect(await say("containerd --version")).toContain(` ${version("containerd")} `);
    expect(await say("etcd --version")).toContain(`etcd Version: ${version("etcd").slice(1)}`);
    expect(await output("docker run --rm --entrypoint /coredns drydock/coredns -version")).toContain(
      `CoreDNS-${version("coredns").slice(1)}`,
    );
  });

  it("has an image for nodes with all that they call, and no network plugin that they do not", async () => {
    const inNode = (script: string) =>
      output(`docker run --rm --network none drydock/node bash -c '${script}'`);
    expect(await inNode("ls /usr/lib/cni | xargs")).toBe("host-local loopback ptp");
    expect(await inNode("command -v runc ip iptables mount conntrack curl openssl | wc -l")).toBe("7");
  });

  it("keeps what machines are made of out of what submissions may build FROM, and adds redis to that", async () => {
    const catalogue = JSON.parse(await output("cat /opt/drydock/catalogue.json")) as {
      images: { name: string }[];
    };
    const names = catalogue.images.map((image) => image.name);
    expect(names).toEqual(["debian", "busybox", "python", "node", "nginx", "redis"]);
  });

  it("has a redis that other containers reach, as a user of its own", async () => {
    expect(
      await output(`
        docker network create shop > /dev/null
        docker run -d --name leader --network shop redis:8 > /dev/null
        for i in $(seq 50); do docker run --rm --network shop redis redis-cli -h leader SET seen yes && break; done 2> /dev/null | tail -1
        docker exec leader redis-cli GET seen
        docker exec leader stat -c %U /proc/1
        docker rm -f -v leader > /dev/null; docker network rm shop > /dev/null`),
    ).toBe("OK\nyes\nredis");
  });

  it("has a store of images for nodes that names all of them and holds none", async () => {
    expect(Number(await output("du -sm /opt/kubernetes/store | cut -f1"))).toBeLessThan(10);
    const links = await output("find /opt/kubernetes/store -type l -name fs -exec readlink -e {} +");
    expect(links.split("\n").length).toBeGreaterThanOrEqual(8);
    expect(links.split("\n").every((link) => link.startsWith("/opt/docker-base/overlay2/"))).toBe(true);
  });
});
