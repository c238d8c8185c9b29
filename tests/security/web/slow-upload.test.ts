import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { verifyReceipt } from "#course/receipts/verify-receipt.ts";
import { addPerson, call, type Person } from "#tests/e2e/support/people.ts";
import { startWeb, type TestWeb } from "#tests/e2e/support/start-web.ts";
import { type SeededCourse, seedCourse } from "#tests/support/seed.ts";
import { zipOf } from "#tests/support/submit.ts";

let web: TestWeb;
let course: SeededCourse;
let student: Person;
let archive: Buffer;

beforeAll(async () => {
  web = await startWeb({ DRYDOCK_DEPLOYMENT: "fall-2024" });
  course = await seedCourse(web.database.db, { dueAt: null });
  student = await addPerson(web, "Sam Slow", [
    { course: course.courseSlug, role: "student", section: "TCSS 562" },
  ]);
  archive = await zipOf({ Dockerfile: "FROM debian\n" });
});
afterAll(() => web?.stop());

test("headers early, bytes late: the time of reception is the first byte's, and the receipt says whose and where", async () => {
  const url = `${web.baseUrl}/api/submissions?exercise=${course.courseSlug}/tutorial-7/docker-containers&name=work.zip`;
  const sending = httpRequest(url, {
    method: "POST",
    headers: { authorization: `Bearer ${student.token}`, "content-length": archive.length },
  });
  sending.flushHeaders();
  const answered = once(sending, "response");
  // The server has had the headers for a whole other request's time.
  await call(web, student, "/api/health");
  const before = new Date();
  sending.write(archive.subarray(0, 10));
  await call(web, student, "/api/health");
  const between = new Date();
  sending.end(archive.subarray(10));
  const [response] = await answered;
  expect(response.statusCode).toBe(201);
  const { receipt } = JSON.parse(await text(response)) as { receipt: { jws: string; receivedAt: string } };
  const keys = await (await call(web, null, "/.well-known/jwks.json")).json();
  const verified = await verifyReceipt(receipt.jws, keys);
  if (verified.outcome !== "valid" || !("version" in verified.claims))
    throw new Error(JSON.stringify(verified));
  const { claims } = verified;
  expect(new Date(claims.receivedAt) >= before).toBe(true);
  expect(new Date(claims.receivedAt) <= between).toBe(true);
  expect(claims.firstByteAt).toBe(claims.receivedAt);
  expect(new Date(claims.lastByteAt) >= between).toBe(true);
  const { id: installation } = await web.database.db.installation.findFirstOrThrow();
  expect(claims).toMatchObject({
    person: { id: student.userId, email: student.email },
    site: { address: web.baseUrl, deployment: "fall-2024", installation },
  });
});
