import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { systemClock, systemMonotonic } from "#infra/clock/clock.ts";
import type { MotoApi } from "../moto/moto-api.ts";
import { createEc2Answers } from "./answer-ec2.ts";
import { ApiFailure, printFailure } from "./api-failure.ts";
import { createCapacity } from "./capacity.ts";
import { endInstance, instancePoweredOff, terminateInstances } from "./end-instances.ts";
import { createFaults } from "./faults.ts";
import { readForm } from "./form.ts";
import { type ForwardedAnswer, forward, forwardStreamed, isStreamed } from "./forward.ts";
import { createHooks, type Ec2Hooks } from "./hooks.ts";
import { createInterruptions } from "./interruptions.ts";
import { createKnownInstances, stateReasons } from "./known-instances.ts";
import { createLookUps } from "./look-ups.ts";
import { createOnDemandPrices } from "./prices/on-demand-prices.ts";
import { createSpotPrices } from "./prices/spot-prices.ts";
import { type ApiRequest, readRequest } from "./read-request.ts";
import { createSchedules } from "./schedules.ts";
import { printXml } from "./xml.ts";

/** What EC2 does of its own accord and moto does not, in ms. */
export interface Ec2Delays {
  /** A new instance is missing from DescribeInstances and TerminateInstances for so long. */
  invisibleMs: number;
  /** An instance that was told to end is shutting-down for so long. */
  shuttingDownMs: number;
}

const usualDelays: Ec2Delays = { invisibleMs: 0, shuttingDownMs: 200 };

export type FaultProxy = Awaited<ReturnType<typeof startFaultProxy>>;

/** Stands before moto at an address of its own, answers what moto cannot, and fails where a test tells it to. */
export async function startFaultProxy(options: { moto: MotoApi; zones: () => string[] }) {
  const { moto } = options;
  let delays = usualDelays;
  let largestPage = 1000;
  const instances = createKnownInstances(systemMonotonic);
  const capacity = createCapacity(instances);
  const prices = createSpotPrices(systemClock, options.zones);
  const onDemandPrices = createOnDemandPrices();
  const hooks = createHooks();
  const faults = createFaults();
  const calls: { service: string; action: string }[] = [];
  const context = {
    moto,
    instances,
    capacity,
    prices,
    hooks,
    now: systemMonotonic,
    invisibleMs: () => delays.invisibleMs,
    shuttingDownMs: () => delays.shuttingDownMs,
    largestPage: () => largestPage,
    goneImages: new Set<string>(),
    consoles: new Map<string, string>(),
    lookUp: createLookUps(moto),
  };
  const ec2 = createEc2Answers(context);
  const interruptions = createInterruptions(context, systemClock);
  const schedules = createSchedules({
    terminate: async (ids) => {
      await terminateInstances(context, { InstanceId: ids });
    },
    remove: async (group, name) => {
      const address = `/schedules/${encodeURIComponent(name)}?groupName=${encodeURIComponent(group)}`;
      const response = await fetch(new URL(address, moto.url), {
        method: "DELETE",
        headers: { authorization: `AWS4 Credential=local/20260101/${moto.region}/scheduler/aws4_request` },
      });
      if (!response.ok) throw new Error(`moto did not remove the schedule ${name}: ${response.status}`);
    },
  });
  let firing: NodeJS.Timeout | undefined;

  const answer = async (incoming: IncomingMessage, call: ApiRequest): Promise<ForwardedAnswer> => {
    if (call.service === "ec2" && call.body) {
      const tree = await ec2.answer(call.action, readForm(new URLSearchParams(call.body.toString("utf8"))));
      if (tree) return answerWith(200, "text/xml;charset=UTF-8", printXml(tree));
    }
    if (call.service === "pricing" && call.body)
      return answerWith(
        200,
        "application/x-amz-json-1.1",
        JSON.stringify(onDemandPrices.describe(call.body)),
      );
    if (call.service === "scheduler") return answerSchedule(incoming, call);
    return forward(moto.url, incoming, call);
  };

  const answerSchedule = async (incoming: IncomingMessage, call: ApiRequest): Promise<ForwardedAnswer> => {
    const url = new URL(incoming.url ?? "/", "http://local");
    const name = decodeURIComponent(url.pathname.split("/")[2] ?? "");
    const writes = call.action === "CreateSchedule" || call.action === "UpdateSchedule";
    const body = writes ? (JSON.parse(call.body?.toString("utf8") || "{}") as Record<string, unknown>) : {};
    if (writes) schedules.check(body);
    const result = await forward(moto.url, incoming, call);
    if (result.status >= 300) return result;
    if (writes) schedules.keep(name, body);
    if (call.action === "DeleteSchedule")
      schedules.forget(url.searchParams.get("groupName") ?? "default", name);
    return result;
  };

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const call = await readRequest(incoming);
    calls.push({ service: call.service, action: call.action });
    const fault = faults.take(call.action);
    if (fault?.kind === "lose-request") return void incoming.socket.destroy();
    if (fault?.kind === "slow" && fault.when === "before") await wait(fault.ms);
    if (!fault && isStreamed(call)) return forwardStreamed(moto.url, incoming, call, response);
    const result = await (fault?.kind === "fail"
      ? Promise.reject(fault.failure)
      : answer(incoming, call)
    ).catch((error: unknown) => answerFailure(error, call));
    if (fault?.kind === "lose-reply") return void incoming.socket.destroy();
    if (fault?.kind === "slow" && fault.when === "after") await wait(fault.ms);
    response.writeHead(result.status, { ...result.headers, "content-length": result.body.length });
    response.end(result.body);
  };

  const server = createServer((incoming, response) => {
    void serve(incoming, response).catch((error: unknown) => {
      // A caller that went away has its answer lost; anything else is seen by the caller as a broken connection.
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });

  const clear = () => {
    interruptions.clear();
    for (const part of [instances, capacity, prices, onDemandPrices, faults, schedules, ec2, context.lookUp])
      part.clear();
    calls.length = 0;
    delays = usualDelays;
    largestPage = 1000;
  };

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    capacity,
    prices,
    onDemandPrices,
    /** Every call that came in, oldest first. */
    calls: calls as readonly { service: string; action: string }[],
    /** Tells a runner of instances until the returned function is called. */
    subscribe: (told: Ec2Hooks) => hooks.subscribe(told),
    setDelays: (changed: Partial<Ec2Delays>) => {
      delays = { ...delays, ...changed };
    },
    /** Pages of DescribeInstances have at most so many instances, whatever was asked for. */
    setLargestPage: (size: number) => {
      largestPage = size;
    },
    /** What GetConsoleOutput says of an instance from now on: all that it wrote until then. */
    setConsole: (instanceId: string, text: string) => void context.consoles.set(instanceId, text),
    interrupt: interruptions.interrupt,
    recommendRebalance: interruptions.recommendRebalance,
    /** What AWS does after the notice, at once. */
    endInterrupted: (instanceId: string) => endInstance(context, instanceId, stateReasons.interrupted),
    /** Its machine shut down by itself: stopped or terminated, as it was launched. */
    poweredOff: (instanceId: string) => instancePoweredOff(context, instanceId),
    /** Nothing lists a terminated instance any more, as an hour after its end. */
    forget: (instanceId: string) => {
      const known = instances.get(instanceId);
      if (known) known.forgotten = true;
    },
    fireSchedules: (now: Date) => schedules.fire(now),
    /** Fires schedules by the clock from now on, looking every `ms`. */
    fireSchedulesEvery: (ms: number) => {
      clearInterval(firing);
      firing = setInterval(() => void schedules.fire(systemClock()), ms);
    },
    /** As newly started: no faults, instances, limits and schedules. moto is left alone. */
    clear,
    close: async () => {
      clearInterval(firing);
      clear();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function answerWith(status: number, contentType: string, body: string): ForwardedAnswer {
  return { status, headers: { "content-type": contentType }, body: Buffer.from(body) };
}

/** What is no answer of AWS's is a defect here, and said as one that the SDK does not try again. */
function answerFailure(error: unknown, call: ApiRequest): ForwardedAnswer {
  const failure =
    error instanceof ApiFailure
      ? error
      : new ApiFailure("LocalEc2Defect", error instanceof Error ? `${error.stack}` : String(error), 501);
  const { status, headers, body } = printFailure(failure, call.format);
  return { status, headers, body: Buffer.from(body) };
}
