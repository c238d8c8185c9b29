import { readdir } from "node:fs/promises";
import { verifyPassword } from "better-auth/crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestDatabase, type TestDatabase } from "#tests/support/database.ts";
import { runCli, temporaryFolder } from "./run-cli.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(() => database.close());

async function admin(args: string[], input = "") {
  const env = { DATABASE_URL: database.url, DRYDOCK_DATA_DIR: await temporaryFolder() };
  return runCli(args, { env, input });
}

describe("drydock course sync and drydock user add", () => {
  it("says what it would do, does it, and changes nothing the second time", async () => {
    const dry = await admin(["course", "sync", "--dry-run", "tcss562-f2024"]);
    expect(dry).toMatchObject({ code: 0, stderr: "" });
    expect(dry.stdout).toContain("+ assignment tutorial-7\n");
    expect(dry.stdout).toMatch(/tcss562-f2024: \d+ changes would be made; nothing was changed\.\n$/);
    expect(await database.db.course.count()).toBe(0);
    const first = await admin(["course", "sync", "tcss562-f2024"]);
    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(first.stdout).toMatch(/tcss562-f2024: synced, \d+ changes\.\n$/);
    const second = await admin(["course", "sync", "tcss562-f2024"]);
    expect(second).toMatchObject({ code: 0, stdout: "tcss562-f2024: was up to date.\n" });
    const assignment = await database.db.assignment.findFirstOrThrow({ where: { slug: "tutorial-7" } });
    expect(assignment.page).toBe("tutorials/tutorial-7.mdx");
  });

  it("refuses a course that has no files", async () => {
    const refused = await admin(["course", "sync", "no-such-course"]);
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toContain("no-such-course");
    expect(refused.stderr).not.toContain("    at ");
  });

  it("enrolls a person and prints the password it made, which is stored only as a hash", async () => {
    const args = ["user", "add", "Ada@Example.edu", "--name", "Ada", "--course", "tcss562-f2024"];
    const added = await admin([...args, "--section", "562"]);
    expect(added.code).toBe(0);
    const password = /^Password: (\S+)$/m.exec(added.stdout)?.[1] ?? "";
    const user = await database.db.user.findUniqueOrThrow({
      where: { email: "ada@example.edu" },
      include: { accounts: true, enrollments: { include: { section: true } } },
    });
    expect(user.enrollments).toMatchObject([{ role: "student", section: { code: "562" } }]);
    const hash = user.accounts[0]?.password ?? "";
    expect(hash).not.toContain(password);
    expect(await verifyPassword({ hash, password })).toBe(true);
  });

  it("takes a password from standard input and prints none", async () => {
    const args = ["user", "add", "grace@example.edu", "--name", "Grace", "--password-stdin"];
    const added = await admin(args, "a long enough secret\n");
    expect(added).toMatchObject({ code: 0, stdout: "grace@example.edu may sign in.\n" });
  });

  it("refuses a password on standard input that the site would not take", async () => {
    const args = ["user", "add", "grace@example.edu", "--name", "Grace", "--password-stdin"];
    for (const password of ["123456789", "x".repeat(129)]) {
      const refused = await admin(args, `${password}\n`);
      expect(refused).toMatchObject({ code: 2, stdout: "" });
      expect(refused.stderr).toMatch(/has \d+ characters; use at least 10 and at most 128/);
      expect(refused.stderr).not.toContain(password);
    }
  });

  it.each([
    [["--role", "professor", "--course", "tcss562-f2024"], "There is no role professor"],
    [["--course", "tcss562-f2024", "--section", "999"], "999"],
    [["--course", "nowhere"], "There is no course nowhere"],
    [["--section", "562"], "name it with --course"],
  ])("refuses %j with one sentence", async (more, sentence) => {
    const refused = await admin(["user", "add", "eve@example.edu", "--name", "Eve", ...more]);
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toContain(sentence);
    expect(await database.db.user.findUnique({ where: { email: "eve@example.edu" } })).toBeNull();
  });
});

describe("drydock fleet stop and resume", () => {
  it("make no Drydock where there is none, and name the settings that lead to one", async () => {
    const stop = ["fleet", "stop", "--reason", "It runs away."];
    const folder = await temporaryFolder();
    const nowhere = await runCli(stop, { env: { DATABASE_URL: "", DRYDOCK_DATA_DIR: folder } });
    expect(nowhere).toMatchObject({ code: 2, stdout: "" });
    expect(nowhere.stderr).toContain(`There is no Drydock in ${folder}.`);
    expect(nowhere.stderr).toContain("DRYDOCK_DATA_DIR");
    expect(await readdir(folder)).toEqual([]);
    expect((await admin(stop)).stderr).toContain("Neither web nor worker has used this database yet");
    expect(await database.db.fleetStop.count()).toBe(0);
    await database.db.installation.create({ data: { id: "ins_test", madeAt: new Date() } });
  });

  it("say who did it and why in the audit, and change nothing the second time", async () => {
    const stop = ["fleet", "stop", "--reason", "It runs away."];
    const stopped = await admin(stop);
    expect(stopped).toMatchObject({ code: 0, stdout: expect.stringContaining("no machine is started") });
    expect(stopped.stdout).toContain("(ins_test; 0 machines, 0 runs waiting)");
    expect((await admin(stop)).stdout).toContain("stopped already");
    expect(await database.db.fleetStop.findMany()).toMatchObject([{ reason: "It runs away." }]);
    const refused = await admin(["fleet", "resume", "--reason", "Mended.", "--by", "nobody@example.edu"]);
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    const student = await admin(["fleet", "resume", "--reason", "Mended.", "--by", "ada@example.edu"]);
    expect(student.stderr).toContain("is staff of no course");
    await database.db.enrollment.updateMany({ data: { role: "ta" } });
    const resumed = await admin(["fleet", "resume", "--reason", "Mended.", "--by", "ada@example.edu"]);
    expect(resumed).toMatchObject({ code: 0, stdout: expect.stringContaining("started again") });
    const audit = await database.db.auditEntry.findMany({
      where: { subject: "fleet:all" },
      orderBy: { at: "asc" },
      include: { user: true },
    });
    expect(audit).toMatchObject([
      { action: "fleet.stop", user: null, after: { by: expect.stringContaining(" at ") } },
      { action: "fleet.resume", user: { name: "Ada" }, reason: "Mended." },
    ]);
  });

  it("want a reason", async () => {
    expect((await admin(["fleet", "stop", "--reason", " "])).stderr).toContain("Say why");
  });
});
