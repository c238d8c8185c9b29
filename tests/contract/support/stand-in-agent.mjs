// Takes the agent's place in a machine: waits for the engine, then tells the gateway what it was started
// with, again and again, until the answer is "end". Started as `node agent.mjs USER_DATA`.
import { readFileSync } from "node:fs";
import { request } from "node:http";

const userData = JSON.parse(readFileSync(process.argv[2], "utf8"));

function call(where, path, body) {
  return new Promise((resolve, reject) => {
    const message = request({ ...where, path, method: body ? "POST" : "GET" }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve(text));
    });
    message.on("error", reject);
    message.end(body);
  });
}

async function untilAnswers(where, path, body) {
  for (;;) {
    try {
      return await call(where, path, body);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

const engine = await untilAnswers({ socketPath: "/var/run/docker.sock" }, "/_ping");
const { agentAddress } = userData;
const { hostname: host, port } = new URL(agentAddress);
const gateway = agentAddress.startsWith("unix:") ? { socketPath: agentAddress.slice(5) } : { host, port };
for (;;) {
  const answer = await untilAnswers(gateway, "/here", JSON.stringify({ engine, userData }));
  if (answer === "end") process.exit(7);
  await new Promise((resolve) => setTimeout(resolve, 100));
}
