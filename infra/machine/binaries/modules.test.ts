import { beforeAll, describe, expect, it } from "vitest";
import { findRecipe, type RecipeFile, readFiles } from "../recipe.ts";
import { programFolder } from "./cache-folder.ts";
import { type BinaryModule, readBuildScript, readModules } from "./modules.ts";

let files: RecipeFile[];
let modules: BinaryModule[];
beforeAll(async () => {
  files = await readFiles(await findRecipe(), "kubernetes-binaries");
  modules = readModules(files);
});
const find = (name: string) => modules.find((module) => module.name === name) as BinaryModule;

describe("the programs of Kubernetes", () => {
  it("are of the versions that their go.mod pins, each with its checksums", () => {
    for (const module of modules) {
      expect(module.version).toMatch(/^v\d+\.\d+\.\d+$/);
      expect(module.files.map((file) => file.path)).toEqual(["go.mod", "go.sum"]);
    }
    expect(readBuildScript(files).executable).toBe(true);
  });

  it("are the tools of their go.mod and no others", () => {
    for (const module of modules) {
      const [pins] = module.files;
      const text = pins?.content.toString() ?? "";
      const tools = /^tool (?:\(([^)]*)\)|(.+))$/m.exec(text);
      const built = (tools?.[1] ?? tools?.[2] ?? "")
        .trim()
        .split(/\s+/)
        // Go names a program after its folder, but not after a major version.
        .map(
          (tool) =>
            tool
              .split("/")
              .filter((part) => !/^v\d+$/.test(part))
              .at(-1) ?? "",
        )
        .map((name) => module.builtAs[name] ?? name);
      expect(built.sort()).toEqual([...module.programs].sort());
    }
  });

  it("say the version that they are", () => {
    const { version, ldflags } = find("kubernetes");
    const [major, minor] = version.slice(1).split(".");
    expect(ldflags).toContain(`-X k8s.io/component-base/version.gitVersion=${version}`);
    expect(ldflags).toContain(`gitMajor=${major}`);
    expect(ldflags).toContain(`gitMinor=${minor}`);
  });
});

describe("where programs are kept", () => {
  const place = (module: BinaryModule, architecture = "amd64") =>
    programFolder("/cache", module, architecture);

  it("names what they are", () => {
    const etcd = find("etcd");
    expect(place(etcd)).toMatch(new RegExp(`^/cache/programs/etcd-${etcd.version}-amd64-[0-9a-f]{8}$`));
  });

  it("is another for another architecture, pin or way to build", () => {
    const etcd = find("etcd");
    const [pins, sums] = etcd.files as [RecipeFile, RecipeFile];
    const repinned = { ...etcd, files: [pins, { ...sums, content: Buffer.from("other") }] };
    const places = [
      place(etcd),
      place(etcd, "arm64"),
      place(repinned),
      place({ ...etcd, tags: ["no_btrfs"] }),
      place({ ...etcd, ldflags: "-X a.b=c" }),
    ];
    expect(new Set(places).size).toBe(places.length);
  });
});
