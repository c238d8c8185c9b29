import type { IncomingMessage } from "node:http";
import type { FailureFormat } from "./api-failure.ts";

/** A call of an AWS service as it came in. */
export interface ApiRequest {
  service: string;
  /** `RunInstances`, `PutEvents`, `CreateSchedule`; `GET /path` where a service has no names. */
  action: string;
  format: FailureFormat;
  /** The body where it had to be read to know this; null when it is still to be streamed on. */
  body: Buffer | null;
}

export async function readRequest(request: IncomingMessage): Promise<ApiRequest> {
  const service = serviceOf(request);
  const target = request.headers["x-amz-target"];
  if (typeof target === "string") {
    // moto has no price list, so that is answered here.
    const body = service === "pricing" ? await readBody(request) : null;
    return { service, action: target.split(".").at(-1) ?? target, format: "json", body };
  }
  if ((request.headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded")) {
    const body = await readBody(request);
    const action = new URLSearchParams(body.toString("utf8")).get("Action") ?? "";
    return { service, action, format: service === "ec2" ? "ec2" : "query", body };
  }
  if (service === "scheduler") {
    return { service, action: schedulerAction(request), format: "json", body: await readBody(request) };
  }
  const path = new URL(request.url ?? "/", "http://local").pathname;
  return { service, action: `${request.method} ${path}`, format: "query", body: null };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** From the scope of the signature, in the header or, presigned, in the address. */
function serviceOf(request: IncomingMessage): string {
  const header = /Credential=([^,\s]+)/.exec(request.headers.authorization ?? "")?.[1];
  const presigned = new URL(request.url ?? "/", "http://local").searchParams.get("X-Amz-Credential");
  return (header ?? presigned ?? "").split("/").at(3) ?? "";
}

function schedulerAction(request: IncomingMessage): string {
  const [, kind, name] = new URL(request.url ?? "/", "http://local").pathname.split("/");
  const one = kind === "schedule-groups" ? "ScheduleGroup" : "Schedule";
  if (!name) return `List${one}s`;
  const verbs: Record<string, string> = { POST: "Create", PUT: "Update", DELETE: "Delete" };
  return `${verbs[request.method ?? ""] ?? "Get"}${one}`;
}
