import { describe, expect, it } from "vitest";
import { foreseeRefusal, isThere, lookAtWork, newDropKey, stripFolder } from "./dropped-work.ts";

const limits = { packedBytes: 1000, unpackedBytes: 2000, entries: 3 };
const file = (path: string, text = "x") => {
  const made = new File([text], path.split("/").at(-1) ?? path);
  return Object.assign(made, { path: `./${path}` });
};

describe("what was dropped", () => {
  it("is listed by its place in the folder, without the one folder around it", async () => {
    const dropped = [file("work/Dockerfile"), file("work/src/app.py"), file("work/.DS_Store")];
    const work = await lookAtWork(dropped, ["Dockerfile"]);
    expect(work.kind).toBe("loose");
    expect(work.strippedFolder).toBe("work");
    expect(work.listing?.map((one) => one.path)).toEqual(["Dockerfile", "src/app.py"]);
  });

  it("keeps its folders when there is more than one at the top", () => {
    const listing = [
      { path: "a/x", bytes: 1 },
      { path: "b/y", bytes: 1 },
    ];
    expect(stripFolder(listing, [])).toEqual({ listing, strippedFolder: null });
  });

  it("keeps the one folder around it when the exercise requires files in that folder", async () => {
    const dropped = [file("k8s/web.yaml"), file("k8s/db.yaml")];
    for (const required of ["k8s/", "k8s/web.yaml"]) {
      const work = await lookAtWork(dropped, [required]);
      expect(work.strippedFolder).toBeNull();
      expect(foreseeRefusal(work, [required], limits)).toBeNull();
    }
  });

  it("cannot be listed when it is a tar, and then nothing is said about it", async () => {
    const work = await lookAtWork([file("work.tar.gz", "not listed here")], []);
    expect(work).toMatchObject({ kind: "archive", listing: null });
    expect(foreseeRefusal(work, ["Dockerfile"], limits)).toBeNull();
  });

  it("gets a key of its own every time, so that dropping the same again is a new submission", () => {
    expect(newDropKey()).toMatch(/^[0-9a-f]{32}$/);
    expect(newDropKey()).not.toBe(newDropKey());
  });
});

describe("what the server would refuse", () => {
  it("names the required file that is missing", async () => {
    const work = await lookAtWork([file("app.py")], []);
    expect(foreseeRefusal(work, ["Dockerfile"], limits)).toContain('"Dockerfile" is required');
    expect(foreseeRefusal(work, ["app.py"], limits)).toBeNull();
  });

  it("names the limit that is passed: size, unpacked size, number of files", async () => {
    const big = await lookAtWork([file("a", "x".repeat(1001))], []);
    expect(foreseeRefusal(big, [], limits)).toContain("the limit is 1000 B");
    const wide = { ...big, packedBytes: 10, listing: [{ path: "a", bytes: 2001 }] };
    expect(foreseeRefusal(wide, [], limits)).toContain("Unpacked");
    const many = await lookAtWork(
      ["a", "b", "c", "d"].map((name) => file(name)),
      [],
    );
    expect(foreseeRefusal(many, [], limits)).toContain("4 files, the limit is 3");
    expect(foreseeRefusal(await lookAtWork([], []), [], limits)).toContain("no file");
  });

  it("counts a required folder as there once one file is in it", () => {
    expect(isThere([{ path: "src/a", bytes: 1 }], "src/")).toBe(true);
    expect(isThere([{ path: "src", bytes: 1 }], "src/")).toBe(false);
  });
});
