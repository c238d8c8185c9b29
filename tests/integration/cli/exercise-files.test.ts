import { readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { dockerExercise, root, runCli, runProgram, temporaryFolder } from "./run-cli.ts";

describe("drydock exercise", () => {
  it("makes a skeleton that its own check accepts, under the folder's name", async () => {
    const dir = path.join(await temporaryFolder(), "hello-docker");
    expect(await runCli(["exercise", "new", dir])).toMatchObject({ code: 0 });
    const checked = await runCli(["exercise", "check", dir]);
    expect(checked).toMatchObject({ code: 0, stderr: "" });
    expect(checked.stdout).toContain("hello-docker: 2 checks, 10 points, 2 solutions");
  });

  it("never writes a skeleton over files that are there", async () => {
    const dir = path.join(await temporaryFolder(), "mine");
    await runCli(["exercise", "new", dir]);
    await writeFile(path.join(dir, "exercise.yaml"), "mine\n");
    const again = await runCli(["exercise", "new", dir]);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain("exists and is not empty");
    expect(await readFile(path.join(dir, "exercise.yaml"), "utf8")).toBe("mine\n");
  });

  it("refuses a folder whose name is no slug", async () => {
    const refused = await runCli(["exercise", "new", path.join(await temporaryFolder(), "My_Exercise")]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("lower-case words joined by hyphens");
  });

  it("names every mistake as file:line: message, with paths that the caller can open", async () => {
    const parent = await temporaryFolder();
    await runCli(["exercise", "new", "broken"], { cwd: parent });
    const spec = path.join(parent, "broken/exercise.yaml");
    const right = await readFile(spec, "utf8");
    await writeFile(spec, right.replace("points: 6", "points: many").replace("docker/run", "docker/ran"));
    const checked = await runCli(["exercise", "check", "broken"], { cwd: parent });
    expect(checked.code).toBe(2);
    expect(checked.stdout).toBe("");
    expect(checked.stderr).toMatch(/^broken\/exercise\.yaml:\d+: /m);
    expect(checked.stderr).not.toContain("    at ");
  });

  it("names a pattern that could take hours on a student's text by its line, with what to write instead", async () => {
    const parent = await temporaryFolder();
    await runCli(["exercise", "new", "slow"], { cwd: parent });
    const spec = path.join(parent, "slow/exercise.yaml");
    const right = await readFile(spec, "utf8");
    await writeFile(spec, right.replace(/output: \{.*\}/, "output: { regex: '(?<=is )168' }"));
    const { code, stderr } = await runCli(["exercise", "check", "slow"], { cwd: parent });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^slow\/exercise\.yaml:\d+: .*has a look-behind.*match what stands before as well/m,
    );
  });

  it("says that a folder without exercise.yaml is none", async () => {
    const checked = await runCli(["exercise", "check", await temporaryFolder()]);
    expect(checked.code).toBe(2);
    expect(checked.stderr).toMatch(/exercise\.yaml:1: is missing/);
  });

  it("prints the JSON Schema of exercise.yaml", async () => {
    const printed = await runCli(["exercise", "schema"]);
    expect(printed.code).toBe(0);
    const schema = JSON.parse(printed.stdout);
    expect(schema.$schema).toContain("json-schema.org");
    expect(Object.keys(schema.properties)).toContain("checks");
  });

  it("accepts the Docker exercise of tutorial 7", async () => {
    const checked = await runCli(["exercise", "check", dockerExercise]);
    expect(checked).toMatchObject({ code: 0, stderr: "" });
    expect(checked.stdout).toContain("14 checks, 100 points");
  });

  it("refuses a solution name that does not exist before it boots anything", async () => {
    const tested = await runCli(["exercise", "test", dockerExercise, "--only", "pyhton"]);
    expect(tested.code).toBe(2);
    expect(tested.stderr).toContain("There is no solution pyhton; the exercise has");
  });
});

describe("bin/drydock", () => {
  it("starts from any folder and through a symlink", async () => {
    const dir = await temporaryFolder();
    const link = path.join(dir, "drydock");
    await symlink(path.join(root, "bin/drydock"), link);
    const shown = await runProgram(link, ["exercise", "check", dockerExercise], { cwd: dir });
    expect(shown).toMatchObject({ code: 0, stderr: "" });
  });

  it("does not heed a tsconfig.json in the caller's folder", async () => {
    const dir = await temporaryFolder();
    await writeFile(path.join(dir, "tsconfig.json"), "{ this is no JSON");
    expect(await runCli(["--help"], { cwd: dir })).toMatchObject({ code: 0, stderr: "" });
  });

  it("ends with 2 and names the commands when it is called wrongly", async () => {
    const wrong = await runCli(["graed"]);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain("unknown command 'graed'");
    expect(wrong.stderr).toContain("drydock --help");
  });

  it("writes no colour into a pipe", async () => {
    const refused = await runCli(["grade", dockerExercise, "/no/such/work"], { env: { FORCE_COLOR: "1" } });
    expect(refused.stderr).not.toContain("\u001b");
  });

  it("shows where an error came from only when asked", async () => {
    const args = ["grade", dockerExercise, "/no/such/work"];
    expect((await runCli(args)).stderr).toBe("drydock: There is no file or folder /no/such/work.\n");
    expect((await runCli([...args, "--verbose"])).stderr).toMatch(/\n\s+at .*prepare-submission\.ts/);
  });
});
