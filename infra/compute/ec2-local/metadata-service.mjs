// The metadata service of one local instance: `node metadata-service.mjs STATE [PORT]`, at port 80 of every address here.
// Says "at PORT" when it answers; port 0 asks for any. STATE is a file with {"instanceId", "userData", "interruption", "rebalance"}, read at each call, null for what there is not.
// Like an instance that demands version 2: nothing is said without a token, and a token is asked for by PUT.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const [, , stateFile, port = "80"] = process.argv;
const longestSeconds = 21_600;
/** By token, the monotonic milliseconds until which it is one. */
const tokens = new Map();

function grant(request) {
  const seconds = Number(request.headers["x-aws-ec2-metadata-token-ttl-seconds"]);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > longestSeconds) return { status: 400, body: "" };
  const token = randomBytes(32).toString("base64");
  tokens.set(token, performance.now() + seconds * 1000);
  return { status: 200, body: token };
}

function answer(request) {
  if (request.url === "/latest/api/token")
    return request.method === "PUT" ? grant(request) : { status: 405, body: "" };
  const until = tokens.get(request.headers["x-aws-ec2-metadata-token"]);
  if (until === undefined || until < performance.now()) return { status: 401, body: "" };
  const state = JSON.parse(readFileSync(stateFile, "utf8"));
  const body = {
    "/latest/user-data": state.userData,
    "/latest/meta-data/instance-id": state.instanceId,
    "/latest/meta-data/spot/instance-action": state.interruption,
    "/latest/meta-data/events/recommendations/rebalance": state.rebalance,
  }[request.url];
  return typeof body === "string" ? { status: 200, body } : { status: 404, body: "" };
}

const server = createServer((request, response) => {
  const { status, body } = answer(request);
  response.writeHead(status, { "content-type": "text/plain" }).end(body);
});
server.listen(Number(port), "0.0.0.0", () => console.log(`at ${server.address().port}`));
