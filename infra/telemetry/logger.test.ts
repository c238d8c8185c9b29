import { expect, test } from "vitest";
import { createLogger } from "./logger.ts";

function logged(write: (log: ReturnType<typeof createLogger>) => void): string {
  let text = "";
  const to = {
    write: (line: string) => {
      text += line;
    },
  };
  write(createLogger({ name: "test", level: "info" }, to));
  return text;
}

test("fields that hold secrets are not written, wherever they are", () => {
  const text = logged((log) => {
    log.info(
      { token: "s3cret-a", user: { password: "s3cret-b" }, request: { headers: { cookie: "s3cret-c" } } },
      "x",
    );
    log.child({ session: "s3cret-d" }).info("y");
  });
  expect(text).not.toContain("s3cret");
  expect(text).toContain("[secret]");
});

test("passwords in addresses and bearer values are cut out of errors", () => {
  const text = logged((log) => {
    const err = new Error("connect to postgresql://drydock:s3cret@db:5432/drydock failed");
    log.error({ err, sent: "Authorization: Bearer s3cret-1234567890" }, "redis://:s3cret@cache:6379 is away");
  });
  expect(text).not.toContain("s3cret");
  expect(text).toContain("postgresql://drydock:[secret]@db:5432/drydock");
  expect(JSON.parse(text.split("\n")[0] ?? "").msg).toBe("redis://:[secret]@cache:6379 is away");
});

test("what is no secret is left as it is", () => {
  const text = logged((log) => log.info({ runId: "run_1", url: "http://localhost:3000/runs/1" }, "fine"));
  expect(JSON.parse(text)).toMatchObject({
    runId: "run_1",
    url: "http://localhost:3000/runs/1",
    msg: "fine",
  });
});

test("a line as long as anybody can make it is searched once, not once for each of its letters", () => {
  const long = "a".repeat(512 * 1024);
  const text = logged((log) => log.info({ path: `${long}Bearer ${long}` }, `${long}://user:s3cret@host`));
  expect(text).not.toContain("s3cret");
});
