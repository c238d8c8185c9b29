import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AppError } from "#course/errors.ts";
import { createLogger } from "#infra/telemetry/logger.ts";
import { createImageMaker, type ImageListeners, type ImageMaker, type ImageProgress } from "./make-images.ts";

interface Making {
  onProgress(progress: ImageProgress): void;
  signal: AbortSignal;
  done(image: string): void;
  failed(error: unknown): void;
}

let now: Date;
let makings: Making[];
let notices: string[];
let readies: number;
let mended: string[];
let unheard: boolean;
let images: ImageMaker;
let listeners: ImageListeners;
/** Making one for this long is too long. */
let limitMs: number;
const openMaker = (make?: () => Promise<string>, madeElsewhere = false) => {
  images = createImageMaker({
    madeElsewhere,
    there: new Map([["engine", "drydock-machine:there"]]),
    make:
      make ??
      ((_, onProgress, signal) =>
        new Promise((done, failed) => {
          signal.addEventListener("abort", () => failed(signal.reason));
          makings.push({ onProgress, signal, done, failed });
        })),
    timings: { imageLimitMs: { describe: 50, make: limitMs }, imagePauseMs: 60_000, stopPatienceMs: 50 },
    clock: () => now,
    log: createLogger({ name: "test", level: "silent" }),
  });
  listeners = {
    onReady: (machineKind) => {
      mended.push(machineKind);
      readies += 1;
    },
    tellStaff: async ({ subject, reason }) => {
      if (unheard) throw new Error("The database is away.");
      notices.push(`${subject} ${reason}`);
    },
    settleNotice: async ({ subject }) => void notices.push(`${subject} settled`),
  };
  images.tell(listeners);
  notices = [];
};
beforeEach(() => {
  now = new Date("2024-11-24T12:00:00Z");
  makings = [];
  notices = [];
  readies = 0;
  mended = [];
  unheard = false;
  limitMs = 60_000;
  openMaker();
});
afterEach(() => images.stop());
/** Lets what was promised come about. */
const settle = () => new Promise((resolve) => setImmediate(resolve));
const fail = async () => {
  makings.at(-1)?.failed(new AppError({ code: "x", userMessage: "No proxy." }));
  await settle();
};

describe("the image of a machine", () => {
  it("that is there has nobody wait, and is not made", () => {
    expect(images.ready()).toEqual(["engine"]);
    expect(images.ask("engine")).toBeNull();
    expect(images.imageOf("engine")).toBe("drydock-machine:there");
    expect(makings).toEqual([]);
  });

  it("that is there at the start has what an earlier worker told of it settled, and of no other", () => {
    images.tell(listeners);
    expect(notices).toEqual(["image:engine settled"]);
  });

  it("is made once, however often it is asked for, and says how far it is", () => {
    images.ask("engine+kubernetes");
    makings[0]?.onProgress({ step: "Building", fraction: 0.4, secondsLeft: 170 });
    makings[0]?.onProgress({ step: "Building", fraction: null, secondsLeft: 170 });
    expect(images.ask("engine+kubernetes")).toBe(
      "The machine for Kubernetes exercises is being made: 40 %, about 3 minutes left. This happens once, for all runs to come.",
    );
    expect(makings).toHaveLength(1);
    expect(images.ready()).toEqual(["engine"]);
  });

  it("that is done is taken from then on, and the queue is looked at", async () => {
    images.ask("engine+kubernetes");
    makings[0]?.done("drydock-machine:new");
    await settle();
    expect(images.ask("engine+kubernetes")).toBeNull();
    expect(images.ready()).toEqual(["engine", "engine+kubernetes"]);
    expect(images.imageOf("engine+kubernetes")).toBe("drydock-machine:new");
    expect(readies).toBe(1);
  });

  it("that cannot be made is told to staff each time, tried again after the pause, and settled once it is made", async () => {
    images.ask("engine+kubernetes");
    await fail();
    expect(images.ask("engine+kubernetes")).toContain("staff have been told");
    expect(makings).toHaveLength(1);
    now = new Date(now.getTime() + 60_000);
    expect(images.ask("engine+kubernetes")).toContain("is being made");
    await fail();
    expect(makings).toHaveLength(2);
    const told = "image:engine+kubernetes The machine for Kubernetes exercises cannot be made: No proxy.";
    expect(notices).toEqual([told, told]);
    now = new Date(now.getTime() + 60_000);
    images.ask("engine+kubernetes");
    makings.at(-1)?.done("drydock-machine:new");
    await settle();
    expect(notices).toEqual([told, told, "image:engine+kubernetes settled"]);
  });

  it("whose failure could not be told does not say that staff have been told", async () => {
    unheard = true;
    images.ask("engine+kubernetes");
    await fail();
    expect(images.ask("engine+kubernetes")).toBe(
      "The machine for Kubernetes exercises could not be made. Drydock tries again in a few minutes.",
    );
  });

  it("that was removed meanwhile is made again, once, and its runs wait until it is there", async () => {
    images.gone("engine", "drydock-machine:there");
    images.gone("engine", "drydock-machine:there");
    expect(images.ready()).toEqual([]);
    expect(images.ask("engine")).toContain("is being made");
    expect(makings).toHaveLength(1);
    makings[0]?.done("drydock-machine:again");
    await settle();
    expect(images.imageOf("engine")).toBe("drydock-machine:again");
    expect(mended).toEqual(["engine"]);
    // A launch with the one before, which was under way.
    images.gone("engine", "drydock-machine:there");
    expect(images.ready()).toEqual(["engine"]);
  });

  it("that somebody else makes is looked for, and nobody is told that it is being made", async () => {
    openMaker(undefined, true);
    const why = () => images.ask("engine+kubernetes");
    expect(why()).toBe("The machine for Kubernetes exercises is being looked for.");
    makings[0]?.failed(new AppError({ code: "none", userMessage: "There is none in us-east-1." }));
    await settle();
    expect(why()).toBe(
      "The machine for Kubernetes exercises is not there yet; staff have been told. Drydock looks again in a few minutes.",
    );
    expect(notices).toEqual(["image:engine+kubernetes There is none in us-east-1."]);
  });

  it("that is being made when the worker stops is given up, and no failure", async () => {
    images.ask("engine+kubernetes");
    await images.stop();
    expect(makings[0]?.signal.aborted).toBe(true);
    expect(notices).toEqual([]);
  });

  it("whose engine never answers has failed after its time, and staff are told", async () => {
    limitMs = 20;
    openMaker(() => new Promise(() => {}));
    images.ask("engine+kubernetes");
    await expect.poll(() => images.ask("engine+kubernetes")).toContain("staff have been told");
    expect(notices).toMatchObject([expect.stringContaining("did not answer")]);
  });

  it("whose engine never answers holds up no stop", async () => {
    openMaker(() => new Promise(() => {}));
    images.ask("engine+kubernetes");
    await images.stop();
  });
});
