import { createWriteStream } from "node:fs";
import { mkdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import tar from "tar-stream";
import { describe, expect, it } from "vitest";
import { layOutSolution } from "#grading/exercises/lay-out-solution.ts";
import { referenceSolution } from "#tests/fixtures/reference-solution.ts";
import { dockerExercise, runCli, temporaryFolder } from "./run-cli.ts";

async function copyOfFullScore(): Promise<string> {
  const dir = path.join(await temporaryFolder(), "work");
  await layOutSolution(await referenceSolution(dockerExercise, "python"), dir);
  return dir;
}

describe("drydock grade refuses with 2 and the sentence that a student would read", () => {
  it("a submission that is not there", async () => {
    const refused = await runCli(["grade", dockerExercise, "no-such-folder", "--json"]);
    expect(refused).toEqual({
      code: 2,
      stdout: "",
      stderr: "drydock: There is no file or folder no-such-folder.\n",
    });
  });

  it("a bad exercise, with file and line", async () => {
    const parent = await temporaryFolder();
    await runCli(["exercise", "new", "broken"], { cwd: parent });
    const spec = path.join(parent, "broken/exercise.yaml");
    const lines = (await readFile(spec, "utf8")).split("\n");
    const at = lines.findIndex((line) => line.includes("timeoutSeconds:"));
    lines[at] = "timeoutSeconds: 0";
    await writeFile(spec, lines.join("\n"));
    const refused = await runCli(["grade", "broken", await copyOfFullScore(), "--json"], { cwd: parent });
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toContain(`broken/exercise.yaml:${at + 1}: `);
  });

  it("a required file that is missing, by name", async () => {
    const work = await copyOfFullScore();
    await rm(path.join(work, "monitor.sh"));
    const refused = await runCli(["grade", dockerExercise, work]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("monitor.sh");
    expect(refused.stderr).toContain("required");
  });

  it("a required file whose name differs by case only, with both names", async () => {
    const work = await copyOfFullScore();
    await rename(path.join(work, "Dockerfile"), path.join(work, "dockerfile"));
    const refused = await runCli(["grade", dockerExercise, work]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/"?Dockerfile"? .*"?dockerfile"?/);
  });

  it("a link in a folder", async () => {
    const work = await copyOfFullScore();
    await symlink("/etc/passwd", path.join(work, "app/secret"));
    const refused = await runCli(["grade", dockerExercise, work]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("app/secret");
    expect(refused.stderr).toContain("link");
  });

  it("an empty folder", async () => {
    const work = path.join(await temporaryFolder(), "empty");
    await mkdir(work);
    const refused = await runCli(["grade", dockerExercise, work]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("holds no files");
  });

  it("an archive whose entry leaves its folder", async () => {
    const pack = tar.pack();
    pack.entry({ name: "../escaped" }, "x");
    pack.finalize();
    const file = path.join(await temporaryFolder(), "work.tar");
    await pipeline(pack, createWriteStream(file));
    const refused = await runCli(["grade", dockerExercise, file]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("../escaped");
  });

  it("a file that is no archive", async () => {
    const file = path.join(await temporaryFolder(), "work.zip");
    await writeFile(file, "hello, this is no zip\n");
    const refused = await runCli(["grade", dockerExercise, file]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("not a zip, tar or tar.gz archive");
  });
});
