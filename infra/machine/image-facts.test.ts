import type Docker from "dockerode";
import { expect, it } from "vitest";
import { removeReplacedImages, rootOf } from "./image-facts.ts";

interface Held {
  parent?: string;
  tags?: string[];
  /** A machine has it, or an image is made on it. */
  used?: boolean;
}

/** An engine with these images, by id. */
function engineWith(held: Record<string, Held>) {
  const refuse = (statusCode: number) => Promise.reject(Object.assign(new Error("no"), { statusCode }));
  const find = (name: string) =>
    Object.entries(held).find(([id, { tags }]) => id === name || tags?.includes(name));
  const docker = {
    listImages: async () => [],
    getImage: (name: string) => ({
      inspect: async () => {
        const [id, image] = find(name) ?? [];
        if (id === undefined) return refuse(404);
        return { Id: id, Parent: image?.parent ?? "", RepoTags: image?.tags ?? [] };
      },
      remove: async () => {
        if (held[name]?.used) return refuse(409);
        delete held[name];
      },
    }),
  } as unknown as Docker;
  return { docker, left: () => Object.keys(held) };
}

const machine = { boot: { parent: "packages", tags: ["drydock-machine:a"] }, packages: { parent: "debian" } };

it("the Debian that was pulled for an image goes when a newer one has replaced it", async () => {
  const engine = engineWith({ ...machine, debian: {} });
  const former = await rootOf(engine.docker, "drydock-machine:a");
  expect(former).toBe("debian");
  await removeReplacedImages(engine.docker, former);
  expect(engine.left()).toEqual(["boot", "packages"]);
});

it.each<[string, Held]>([
  ["still has a name", { tags: ["debian:trixie-slim"] }],
  ["another image is made on", { used: true }],
])("a Debian that %s stays", async (_, debian) => {
  const engine = engineWith({ ...machine, debian });
  await removeReplacedImages(engine.docker, await rootOf(engine.docker, "drydock-machine:a"));
  expect(engine.left()).toContain("debian");
});

it("an engine without the image, or without its root any more, has nothing more to remove", async () => {
  const { docker, left } = engineWith(machine);
  expect(await rootOf(docker, "drydock-machine:b")).toBeNull();
  await removeReplacedImages(docker, "debian");
  expect(left()).toEqual(["boot", "packages"]);
});
