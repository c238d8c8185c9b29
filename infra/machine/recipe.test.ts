import { appendFile, cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findRecipe, readLayers } from "./recipe.ts";

let copy: string;
beforeEach(async () => {
  copy = await mkdtemp(path.join(tmpdir(), "drydock-recipe-"));
  await cp(await findRecipe(), copy, { recursive: true });
});
afterEach(() => rm(copy, { recursive: true }));
const images = async (architecture = "amd64", machineKind = "engine") =>
  (await readLayers(copy, architecture, machineKind)).map((layer) => layer.image);
/** How many layers from the bottom are kept after a change. */
async function kept(change: () => Promise<void>): Promise<number> {
  const before = await images();
  await change();
  const after = await images();
  expect(
    after.slice(after.findIndex((image, i) => image !== before[i])).some((i) => before.includes(i)),
  ).toBe(false);
  return after.findIndex((image, i) => image !== before[i]);
}

describe("the machine image", () => {
  it("has the same name wherever the same recipe is read", async () => {
    expect(await images()).toEqual(
      (await readLayers(await findRecipe(), "amd64", "engine")).map((layer) => layer.image),
    );
  });

  it("is another one for another architecture, from the root up", async () => {
    const arm = await images("arm64");
    expect((await images()).filter((image) => arm.includes(image))).toEqual([]);
  });

  it("keeps the base images when the boot script changes", async () => {
    expect(await kept(() => appendFile(path.join(copy, "boot/boot.sh"), "# changed\n"))).toBe(3);
  });

  it("keeps engine and tools when a base image changes", async () => {
    expect(await kept(() => appendFile(path.join(copy, "images/nginx/nginx.conf"), "# changed\n"))).toBe(2);
  });

  it("keeps the Debian root when the packages change", async () => {
    expect(await kept(() => appendFile(path.join(copy, "provision/steps/packages.sh"), "# changed\n"))).toBe(
      1,
    );
  });

  it("does not change with a file that it is not made of", async () => {
    const before = await images();
    await appendFile(path.join(copy, "ensure-image.ts"), "// changed\n");
    expect(await images()).toEqual(before);
  });

  it("is another one for Kubernetes, on the same base images", async () => {
    const docker = await images();
    const kubernetes = await images("amd64", "engine+kubernetes");
    expect(kubernetes.slice(0, 3)).toEqual(docker.slice(0, 3));
    expect(kubernetes).toHaveLength(5);
    expect(kubernetes.at(-1)).not.toBe(docker.at(-1));
  });

  it("keeps Kubernetes when what starts its nodes changes", async () => {
    const before = await images("amd64", "engine+kubernetes");
    await appendFile(path.join(copy, "kubernetes/node.sh"), "# changed\n");
    const after = await images("amd64", "engine+kubernetes");
    expect(after.slice(0, 4)).toEqual(before.slice(0, 4));
    expect(after[4]).not.toBe(before[4]);
  });

  it.each(["kubernetes/node.sh", "kubernetes-binaries/etcd/go.sum", "kubernetes-images/redis.sh"])(
    "without Kubernetes does not change with %s",
    async (file) => {
      const before = await images();
      const kubernetes = await images("amd64", "engine+kubernetes");
      await appendFile(path.join(copy, file), "# changed\n");
      expect(await images()).toEqual(before);
      expect(await images("amd64", "engine+kubernetes")).not.toEqual(kubernetes);
    },
  );
});
