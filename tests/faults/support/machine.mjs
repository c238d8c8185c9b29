// A machine of the fault tests: a process of its own that outlives the worker and speaks the agent's protocol.
// argv: the provider's folder and the machine's id. Files named hold-<step> stop it before that step until they go.
import { existsSync, readFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";

const [folder, machineId] = process.argv.slice(2);
const { userData } = JSON.parse(readFileSync(path.join(folder, `${machineId}.json`), "utf8"));
const socketPath = userData.agentAddress.replace(/^unix:/, "");
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const lease = new Date(userData.leaseUntil).getTime() - Date.now();
setTimeout(() => process.exit(0), Math.max(0, lease)).unref();

function call(method, url, session, body) {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", connection: "close" };
    if (session) headers.authorization = `Bearer ${session}`;
    const request = http.request({ socketPath, method, path: url, headers }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode, bytes: Buffer.concat(chunks) }));
    });
    request.on("error", reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Asks again while Drydock is away; powers off when Drydock says that the attempt is over. */
async function ask(method, url, session, body) {
  for (;;) {
    const answer = await call(method, url, session, body).catch(() => null);
    if (answer?.status === 401 || answer?.status === 409) process.exit(0);
    if (answer?.status === 400) throw new Error(answer.bytes.toString());
    if (answer?.status === 200) return answer.bytes;
    await pause(100);
  }
}
const json = async (...args) => JSON.parse((await ask(...args)).toString());

async function before(step) {
  while (existsSync(path.join(folder, `hold-${step}`))) await pause(30);
}

await before("session");
const { session } = await json("POST", "/agent/session", undefined, { token: userData.token });
const beat = setInterval(() => {
  call("POST", "/agent/heartbeat", session, { phase: "grading" }).then(
    ({ status, bytes }) => {
      if (status === 401 || status === 409 || (status === 200 && JSON.parse(bytes).cancel)) process.exit(0);
    },
    () => undefined, // Drydock is away; the next beat tries again.
  );
}, 200);
await before("run");
const order = await json("GET", "/agent/run", session);
await before("files");
await ask("GET", "/agent/files/submission", session);
await ask("GET", "/agent/files/hidden", session);
const at = new Date().toISOString();
const events = order.spec.checks.flatMap((check, index) => [
  { seq: 3 * index + 1, at, event: { type: "check-started", check: check.id, title: check.title } },
  { seq: 3 * index + 2, at, event: { type: "log", check: check.id, line: `working on ${check.id}` } },
  {
    seq: 3 * index + 3,
    at,
    event: {
      type: "check-finished",
      check: check.id,
      title: check.title,
      verdict: "passed",
      points: check.points,
      maxPoints: check.points,
      durationMs: 1,
    },
  },
]);
for (let nextSeq = 1; nextSeq <= events.length; ) {
  ({ nextSeq } = await json("POST", "/agent/events", session, { events: events.slice(nextSeq - 1) }));
}
await before("result");
await json("POST", "/agent/result", session, {
  runId: order.runId,
  attempt: order.attempt,
  outcome: "graded",
  fault: null,
  checks: order.spec.checks.map((check) => ({
    id: check.id,
    kind: check.kind,
    title: check.title,
    verdict: "passed",
    fault: null,
    points: check.points,
    maxPoints: check.points,
    message: { expected: "It works.", happened: "It worked.", fix: "Nothing to do." },
    staffOutput: "",
    startedAt: at,
    durationMs: 1,
  })),
});
clearInterval(beat);
