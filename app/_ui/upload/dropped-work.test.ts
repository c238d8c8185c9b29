import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { foreseeRefusal, isThere, lookAtWork, newDropKey, stripFolder, withPaths } from "./dropped-work.ts";

const limits = { packedBytes: 1000, unpackedBytes: 2000, entries: 3 };
const file = (path: string, bytes: BlobPart = "x") => {
  const made = new File([bytes], path.split("/").at(-1) ?? path);
  const [chosen] = withPaths([Object.assign(made, { path: `./${path}` })]);
  if (!chosen) throw new Error("A file has a path.");
  return chosen;
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
    const work = await lookAtWork([file("work.tar.gz", gzipSync("not listed here"))], []);
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
    expect(foreseeRefusal(work, ["Dockerfile"], limits)).toMatchObject({
      message: expect.stringContaining('"Dockerfile" is required'),
      sure: false,
    });
    expect(foreseeRefusal(work, ["app.py"], limits)).toBeNull();
  });

  it("is told by the first bytes of what is called an archive and is none", async () => {
    const renamed = await lookAtWork([file("work.zip", "just some notes")], ["Dockerfile"]);
    expect(foreseeRefusal(renamed, ["Dockerfile"], limits)).toEqual({
      message:
        '"work.zip" is a text file, not a zip, tar or tar.gz archive; pack your files as one of these.',
      sure: true,
    });
  });

  it("has one reason for a lone file that is not the work: what is missing", async () => {
    const notes = await lookAtWork([file("notes.txt", "just some notes")], ["Dockerfile"]);
    expect(notes.kind).toBe("loose");
    expect(foreseeRefusal(notes, ["Dockerfile"], limits)?.message).toBe(
      '"Dockerfile" is required and not in the submission; the submission has "notes.txt"; add what is missing.',
    );
  });

  it("is not that a required archive lacks what is in it", async () => {
    const work = await lookAtWork([file("function.zip", "PK")], ["function.zip"]);
    expect(foreseeRefusal(work, ["function.zip"], limits)).toBeNull();
  });

  it("names the limit that is passed: size, unpacked size, number of files", async () => {
    const big = await lookAtWork([file("a", "x".repeat(1001))], []);
    expect(foreseeRefusal(big, [], limits)).toEqual({
      message: '"a" has 1001 bytes; this exercise takes at most 1000 bytes; leave out large files.',
      sure: true,
    });
    const wide = { ...big, packedBytes: 10, listing: [{ path: "a", bytes: 2001 }] };
    expect(foreseeRefusal(wide, [], limits)?.message).toContain("Unpacked");
    const many = await lookAtWork(
      ["a", "b", "c", "d"].map((name) => file(name)),
      [],
    );
    expect(foreseeRefusal(many, [], limits)?.message).toContain("4 files, the limit is 3");
    expect(foreseeRefusal(await lookAtWork([], []), [], limits)?.message).toContain("no file");
  });

  it("counts a required folder as there once one file is in it", () => {
    expect(isThere([{ path: "src/a", bytes: 1 }], "src/")).toBe(true);
    expect(isThere([{ path: "src", bytes: 1 }], "src/")).toBe(false);
  });
});
