import type http from "node:http";
import type { KubeConfig, V1Pod } from "@kubernetes/client-node";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { apiConfig, serveHttp, type TestServer } from "#tests/support/http-server.ts";
import { apiRefusal, isNotFound } from "./api-error.ts";
import { createClients } from "./clients.ts";
import { requestApi } from "./request-api.ts";
import { waitUntil, watchObjects } from "./wait-until.ts";
import { watched } from "./watched.ts";

type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void;

let server: TestServer;
let config: KubeConfig;
let handle: Handler;
const asked: string[] = [];

beforeEach(async () => {
  asked.length = 0;
  server = await serveHttp((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    handle(request, response);
  });
  config = apiConfig(server);
});
afterEach(async () => {
  await server.close();
});

const pod = (name: string, phase = "Pending") => ({ metadata: { name, uid: name }, status: { phase } });
const pods = watched("Pod", "student", { labels: { app: "web" } });
const json = (response: http.ServerResponse, body: unknown, code = 200) => {
  response.writeHead(code, { "Content-Type": "application/json" });
  response.end(JSON.stringify(body));
};
const isWatch = (request: http.IncomingMessage) => (request.url ?? "").includes("watch=true");
const never = new AbortController().signal;
const running = (objects: V1Pod[]) => objects.find((each) => each.status?.phase === "Running");

describe("waiting for objects", () => {
  it("ends at once when what is waited for is there already", async () => {
    handle = (_request, response) => json(response, { metadata: {}, items: [pod("a", "Running")] });
    const outcome = await waitUntil(config, pods, running, { seconds: 5, signal: never });
    expect(outcome).toMatchObject({ outcome: "reached", found: { metadata: { name: "a" } } });
    expect(asked[0]).toBe("GET /api/v1/namespaces/student/pods?labelSelector=app%3Dweb");
  });

  it("ends with the change that brings it, however the lines are cut into pieces", async () => {
    handle = (request, response) => {
      if (!isWatch(request)) return json(response, { metadata: { resourceVersion: "7" }, items: [pod("ä")] });
      expect(request.url).toContain("resourceVersion=7");
      const line = Buffer.from(`${JSON.stringify({ type: "MODIFIED", object: pod("ä", "Running") })}\n`);
      response.write(`${JSON.stringify({ type: "BOOKMARK", object: { metadata: {} } })}\n`);
      const cut = line.indexOf("ä") + 1;
      response.write(line.subarray(0, cut), () => response.write(line.subarray(cut)));
    };
    const outcome = await waitUntil(config, pods, running, { seconds: 5, signal: never });
    expect(outcome).toMatchObject({ outcome: "reached", found: { metadata: { name: "ä" } } });
  });

  it("looks at everything again when the server forgot the version or ends the watch", async () => {
    let watches = 0;
    handle = (request, response) => {
      if (!isWatch(request))
        return json(response, { metadata: {}, items: watches < 2 ? [pod("a")] : [pod("a", "Running")] });
      watches += 1;
      if (watches === 1)
        response.end(`${JSON.stringify({ type: "ERROR", object: { code: 410, message: "too old" } })}\n`);
      else response.end();
    };
    const outcome = await waitUntil(config, pods, running, { seconds: 5, signal: never });
    expect(outcome.outcome).toBe("reached");
    expect(watches).toBe(2);
  });

  it("gives what there was when the time is over", async () => {
    handle = (request, response) => {
      if (!isWatch(request)) return json(response, { metadata: {}, items: [pod("a"), pod("b")] });
      response.write(`${JSON.stringify({ type: "DELETED", object: pod("a") })}\n`);
    };
    const outcome = await waitUntil(config, pods, running, { seconds: 0.2, signal: never });
    expect(outcome).toMatchObject({ outcome: "late", objects: [{ metadata: { name: "b" } }] });
  });

  it("does not take a server that has not answered yet for one that has no such object", async () => {
    let lists = 0;
    handle = (_request, response) => {
      lists += 1;
      if (lists > 1) json(response, { metadata: {}, items: [pod("a", "Running")] });
    };
    const outcome = await waitUntil(config, pods, running, { seconds: 0.1, signal: never });
    expect(outcome).toMatchObject({ outcome: "reached", found: { metadata: { name: "a" } } });
  });

  it("throws when the server does not answer at all: that is no word about the student's objects", async () => {
    handle = () => {};
    const outcome = waitUntil(config, pods, running, { seconds: 0.1, signal: never, answerWithinMs: 200 });
    await expect(outcome).rejects.toThrow("The API server did not say in 0.3 s what there is");
  });

  it("ends with the check: the signal's reason is thrown", async () => {
    const over = new AbortController();
    handle = (request, response) => {
      if (!isWatch(request)) return json(response, { metadata: {}, items: [] });
      response.write("\n".trim());
      response.flushHeaders();
      setImmediate(() => over.abort(new Error("time is over")));
    };
    await expect(waitUntil(config, pods, running, { seconds: 5, signal: over.signal })).rejects.toThrow(
      "time is over",
    );
  });

  it("fails when the watch breaks in the middle, rather than waiting for ever", async () => {
    handle = (request, response) => {
      if (!isWatch(request)) return json(response, { metadata: {}, items: [] });
      response.write(" ", () => response.destroy());
    };
    await expect(waitUntil(config, pods, running, { seconds: 5, signal: never })).rejects.toThrow();
  });

  it("passes on what the one who watches throws", async () => {
    handle = (_request, response) => json(response, { metadata: {}, items: [] });
    const watching = watchObjects(
      config,
      pods,
      () => {
        throw new Error("seen enough");
      },
      never,
    );
    await expect(watching).rejects.toThrow("seen enough");
  });
});

describe("waiting beside an API server that is still starting", () => {
  const starting = (response: http.ServerResponse) =>
    json(response, { kind: "Status", message: "etcd is not there yet", code: 503 }, 503);

  it("tells each refusal and each lost connection, and asks again after a pause", async () => {
    const times: number[] = [];
    const told: string[] = [];
    handle = (request, response) => {
      times.push(performance.now());
      if (times.length === 1) return starting(response);
      if (times.length === 2) return void request.socket.destroy();
      if (!isWatch(request)) return json(response, { metadata: {}, items: [pod("a")] });
      if (times.length === 4)
        return response.end(
          `${JSON.stringify({ type: "ERROR", object: { code: 500, message: "broken" } })}\n`,
        );
      response.write(`${JSON.stringify({ type: "MODIFIED", object: pod("a", "Running") })}\n`);
    };
    const onRefused = (refusal: Error) => told.push(apiRefusal(refusal)?.message ?? refusal.message);
    const outcome = await waitUntil(config, pods, running, { signal: never, onRefused });
    expect(outcome.outcome).toBe("reached");
    expect(told).toEqual(["etcd is not there yet", "socket hang up", "broken"]);
    for (const after of [1, 2, 4])
      expect(Number(times[after]) - Number(times[after - 1])).toBeGreaterThan(90);
  });

  it("pauses too when the server ends every watch", async () => {
    const lists: number[] = [];
    handle = (request, response) => {
      if (isWatch(request)) return void response.end();
      lists.push(performance.now());
      json(response, { metadata: {}, items: lists.length < 3 ? [pod("a")] : [pod("a", "Running")] });
    };
    await waitUntil(config, pods, running, { signal: never });
    expect(Number(lists[2]) - Number(lists[0])).toBeGreaterThan(180);
  });

  it("goes on until the signal's reason ends it", async () => {
    const over = new AbortController();
    handle = (_request, response) => starting(response);
    let refusals = 0;
    const waiting = waitUntil(config, pods, running, {
      signal: over.signal,
      onRefused: () => {
        refusals += 1;
        if (refusals === 2) over.abort(new Error("it was not ready in time"));
      },
    });
    await expect(waiting).rejects.toThrow("it was not ready in time");
  });

  it("fails at the first refusal unless somebody is told of it, and with what the one who watches throws", async () => {
    handle = (_request, response) => starting(response);
    await expect(waitUntil(config, pods, running, { signal: never })).rejects.toThrow("503");
    handle = (_request, response) => json(response, { metadata: {}, items: [] });
    const wrong = () => {
      throw new Error("a mistake in find");
    };
    const options = { signal: never, onRefused: () => {} };
    await expect(waitUntil(config, pods, wrong, options)).rejects.toThrow("a mistake in find");
  });
});

describe("a refusal of the API server", () => {
  const status = {
    kind: "Status",
    status: "Failure",
    message: 'Deployment.apps "web" is invalid: spec.replicas: Invalid value: -1',
    reason: "Invalid",
    details: {
      causes: [{ reason: "FieldValueInvalid", message: "Invalid value: -1", field: "spec.replicas" }],
    },
    code: 422,
  };

  it("is told in the server's own words, from raw requests and from the typed clients", async () => {
    handle = (_request, response) => json(response, status, 422);
    const clients = createClients(config, never);
    for (const request of [
      () => requestApi(config, { method: "GET", path: "/api" }, never),
      () => clients.apps.readNamespacedDeployment({ name: "web", namespace: "student" }),
    ]) {
      const error = await request().catch((thrown: unknown) => thrown);
      expect(apiRefusal(error)).toEqual({
        code: 422,
        reason: "Invalid",
        message: status.message,
        causes: status.details.causes,
      });
      expect(isNotFound(error)).toBe(false);
    }
  });

  it("keeps an answer that is no JSON as the message, and is null for other errors", async () => {
    handle = (_request, response) => response.writeHead(404).end("404 page not found\n");
    const error = await requestApi(config, { method: "GET", path: "/apis/none" }, never).catch(
      (thrown: unknown) => thrown,
    );
    expect(apiRefusal(error)).toMatchObject({ code: 404, message: "404 page not found" });
    expect(isNotFound(error)).toBe(true);
    expect(apiRefusal(new Error("ECONNREFUSED"))).toBeNull();
  });
});

describe("requests", () => {
  it("carry the credential, keep unknown fields and give back warnings", async () => {
    let got = "";
    handle = (request, response) => {
      expect(request.headers.authorization).toBe("Bearer secret");
      request.on("data", (chunk) => {
        got += chunk;
      });
      request.on("end", () => {
        response.setHeader("Warning", ['299 - "unknown field \\"spec.replica\\""', '299 - "deprecated"']);
        json(response, { done: true });
      });
    };
    const answer = await requestApi(
      config,
      { method: "PATCH", path: "/x", body: { spec: { replica: 1 } } },
      never,
    );
    expect(JSON.parse(got)).toEqual({ spec: { replica: 1 } });
    expect(answer).toEqual({
      code: 200,
      body: { done: true },
      warnings: ['unknown field "spec.replica"', "deprecated"],
    });
  });

  it("of the typed clients end with the check's signal", async () => {
    const over = new AbortController();
    handle = () => over.abort();
    const clients = createClients(config, over.signal);
    await expect(clients.core.listNamespacedPod({ namespace: "student" })).rejects.toThrow(/abort/i);
  });
});
