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
const images = async (architecture = "amd64") =>
  (await readLayers(copy, architecture)).map((layer) => layer.image);
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
      (await readLayers(await findRecipe(), "amd64")).map((layer) => layer.image),
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
    expect(await kept(() => appendFile(path.join(copy, "provision/packages.sh"), "# changed\n"))).toBe(1);
  });

  it("does not change with a file that it is not made of", async () => {
    const before = await images();
    await appendFile(path.join(copy, "ensure-image.ts"), "// changed\n");
    expect(await images()).toEqual(before);
  });

  it("has layers whose shares of the time make a whole", async () => {
    const shares = (await readLayers(copy, "amd64")).map((layer) => layer.share);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
  });
});
