import { expect, test, vi } from "vitest";
import { z } from "zod";
import { databaseAwaySentence } from "#infra/db/connection/database-away.ts";
import { StorageError } from "#infra/storage/storage-error.ts";
import { toHttpError } from "./http-errors.ts";
import { parseRequest } from "./parse-request.ts";

const caught = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error("Nothing was thrown.");
};

test("what a caller sent wrongly is answered with the field and the rule, and is no surprise", () => {
  const onSurprise = vi.fn();
  const error = caught(() => parseRequest(z.object({ page: z.number() }), { page: "two" }));
  const answer = toHttpError(error, onSurprise, true);
  expect(answer).toMatchObject({ status: 400, code: "bad-request" });
  expect(answer.message).toMatch(/not understood\. In “page”: .*expected number.*\.$/);
  expect(onSurprise).not.toHaveBeenCalled();
});

test.each([
  ["what only reads", "P1008", false, "reads"],
  ["what was never begun", "57P03", true, "not-done"],
  ["what may have been done", "P1008", true, "unknown"],
] as const)(
  "a database that does not answer to %s is 503 with when to come back, and is logged",
  (_, code, acts, end) => {
    const onSurprise = vi.fn();
    const error = Object.assign(new Error("Invalid invocation"), { code });
    expect(toHttpError(error, onSurprise, acts)).toEqual({
      status: 503,
      code: "database-away",
      message: databaseAwaySentence(end),
      headers: { "Retry-After": "5" },
    });
    expect(onSurprise).toHaveBeenCalledOnce();
  },
);

test.each([
  [true, "Nothing of what you just sent was taken: send it again in a minute."],
  [false, "Try again in a minute; what you handed in before is safe."],
])(
  "a store of files that fails is 503, says what became of it and nothing of itself (acts: %s)",
  (acts, says) => {
    const onSurprise = vi.fn();
    const error = new StorageError("permission", "The bucket secret-bucket needs s3:PutObject.", null);
    const answer = toHttpError(error, onSurprise, acts);
    expect(answer).toMatchObject({ status: 503, code: "storage-away", headers: { "Retry-After": "60" } });
    expect(answer.message).toContain(says);
    expect(answer.message).not.toContain("secret-bucket");
    expect(onSurprise).toHaveBeenCalledWith(expect.any(String), error);
  },
);

test("nobody is told that what they just sent is safe while nobody knows whether it was taken", () => {
  expect(databaseAwaySentence("not-done")).not.toMatch(/safe/);
  expect(databaseAwaySentence("unknown")).toMatch(/may have been taken or not/);
});

test("a row of ours that does not fit its schema is our trouble: logged, and told with a reference only", () => {
  const onSurprise = vi.fn();
  const error = caught(() => z.object({ hiddenKey: z.string() }).parse({}));
  const answer = toHttpError(error, onSurprise, true);
  expect(answer).toMatchObject({ status: 500, code: "internal" });
  expect(answer.message).not.toContain("hiddenKey");
  expect(onSurprise).toHaveBeenCalledWith(expect.any(String), error);
});
