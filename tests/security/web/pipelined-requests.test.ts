import { readFile } from "node:fs/promises";
import net from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addPerson, call, type Person } from "#tests/e2e/support/people.ts";
import { startWeb, type TestWeb } from "#tests/e2e/support/start-web.ts";
import { type SeededCourse, seedCourse } from "#tests/support/seed.ts";
import { zipOf } from "#tests/support/submit.ts";

let web: TestWeb;
let course: SeededCourse;
let student: Person;
beforeAll(async () => {
  web = await startWeb();
  course = await seedCourse(web.database.db, { dueAt: null });
  student = await addPerson(web, "Lia Late", [
    { course: course.courseSlug, role: "student", section: "TCSS 562" },
  ]);
});
afterAll(() => web?.stop());

const page = "GET /sign-in HTTP/1.1\r\nHost: x\r\n\r\n";
const connect = async () => {
  const socket = net.connect(Number(new URL(web.baseUrl).port), "127.0.0.1");
  socket.on("error", () => undefined);
  await new Promise((done) => socket.once("connect", done));
  return socket;
};
const upload = async () => {
  const body = new Uint8Array(await zipOf({ Dockerfile: "FROM debian\n" }));
  const path = `/api/submissions?exercise=${course.courseSlug}/tutorial-7/docker-containers&name=work.zip`;
  return call(web, student, path, { method: "POST", body });
};

test("pipelining: 3,000 requests on one connection are not worked on at once, and it is cut", async () => {
  const before = await residentMiB(web.pid);
  const socket = await connect();
  let cut = false;
  socket.on("close", () => {
    cut = true;
  });
  socket.resume();
  socket.write(page.repeat(3_000));
  const answer = await upload();
  expect(answer.status).toBe(201);
  expect(cut).toBe(true);
  // Each one under way takes 0.15 MiB.
  expect((await residentMiB(web.pid)) - before).toBeLessThan(150);
});

test("one request each on 1,500 connections: an upload that comes after them is taken before most are answered", async () => {
  const before = await residentMiB(web.pid);
  let answered = 0;
  const sockets = Array.from({ length: 1_500 }, () => {
    const socket = net.connect(Number(new URL(web.baseUrl).port), "127.0.0.1");
    socket.on("error", () => undefined);
    socket.once("data", () => {
      answered += 1;
    });
    socket.write(page);
    return socket;
  });
  expect((await upload()).status).toBe(201);
  // Node accepts one connection at each look at the network: with a page between two looks it was 900 of them.
  expect(answered).toBeLessThan(300);
  // Each one under way takes 0.15 MiB.
  expect((await residentMiB(web.pid)) - before).toBeLessThan(150);
  for (const socket of sockets) socket.destroy();
});

test("a request to switch protocols passes the front door like every other", async () => {
  const socket = await connect();
  const answer = new Promise<string>((done) => socket.once("data", (bytes) => done(String(bytes))));
  socket.write("GET /api/health HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
  expect(await answer).toMatch(/^HTTP\/1\.1 200 /);
  socket.destroy();
});

test("an answer that is awaited before the next request keeps its connection", async () => {
  const socket = await connect();
  let text = "";
  socket.on("data", (bytes) => {
    text += bytes;
  });
  for (const count of [1, 2, 3]) {
    socket.write("GET /api/health HTTP/1.1\r\nHost: x\r\n\r\n");
    await expect.poll(() => text.split('"status":"ok"').length).toBe(count + 1);
  }
  expect(text.match(/HTTP\/1\.1 200/g)).toHaveLength(3);
  socket.destroy();
});

async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}
