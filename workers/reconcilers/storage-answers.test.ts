import { Readable } from "node:stream";
import { beforeEach, expect, test } from "vitest";
import { defaultTimings } from "#grading/machines/timings.ts";
import type { StaffNotice } from "#grading/notices/staff-notice.ts";
import { FileMissing, type SweptFileStore } from "#grading/submissions/ports.ts";
import { probeStore } from "#infra/storage/probe-store.ts";
import { StorageError, type StorageTrouble } from "#infra/storage/storage-error.ts";
import { createLogger } from "#infra/telemetry/logger.ts";
import type { Reconciler } from "./kit/loop.ts";
import { storageAnswers } from "./storage-answers.ts";

let now: Date;
let failure: Error | null;
let looks: number;
let told: StaffNotice[];
let settled: number;
let readable: boolean | null;
let loop: Reconciler;
beforeEach(() => {
  now = new Date("2024-11-12T18:00:00Z");
  [failure, looks, told, settled, readable] = [null, 0, [], 0, null];
  loop = started();
});

const written = new Map<string, string>();
const files = {
  put: async (key: string, source: Readable) => {
    looks += 1;
    if (failure !== null) throw failure;
    let text = "";
    for await (const chunk of source) text += String(chunk);
    written.set(key, text);
  },
  get: async (key: string) => {
    const text = written.get(key);
    if (text === undefined) throw new FileMissing(key);
    return { stream: Readable.from([text]), bytes: text.length };
  },
  find: async () => null,
  unfinished: async function* () {},
  delete: async (key: string) => void written.delete(key),
} as unknown as SweptFileStore;

const started = () =>
  storageAnswers({
    files,
    store: {
      tellStaff: async (notice) => void told.push(notice),
      settleNotice: async () => {
        settled += 1;
      },
    },
    timings: defaultTimings,
    clock: () => now,
    log: createLogger({ name: "test", level: "silent" }),
    onLook: (can) => {
      readable = can;
    },
  });
/** Every minute, for so many of them. */
async function minutes(count: number): Promise<void> {
  for (let minute = 0; minute < count; minute++) {
    await loop.pass();
    now = new Date(now.getTime() + 60_000);
  }
}
const trouble = (kind: StorageTrouble, permission: string | null = null) =>
  new StorageError(kind, `Trouble: ${permission ?? kind}.`, null, permission);

test("a store that works is looked at each five minutes, nobody is told, and nothing is left in it", async () => {
  await minutes(11);
  expect([looks, told, settled, written.size]).toEqual([3, [], 1, 0]);
});

test.each<StorageTrouble>(["credentials", "clock", "bucket", "region", "other"])(
  "%s is told at once, once, and settled when it works again",
  async (kind) => {
    failure = trouble(kind);
    await minutes(10);
    expect(told).toEqual([
      {
        action: "storage.trouble",
        subject: "storage:files",
        reason: `Files cannot be stored or read: Trouble: ${kind}.`,
      },
    ]);
    expect(settled).toBe(0);
    failure = null;
    await minutes(2);
    expect([told.length, settled]).toEqual([1, 1]);
  },
);

test("each permission that is missing is told by its name", async () => {
  for (const permission of ["s3:PutObject", "s3:GetObject"]) {
    failure = trouble("permission", permission);
    await minutes(3);
  }
  expect(told.map(({ reason }) => reason)).toEqual([
    expect.stringContaining("s3:PutObject"),
    expect.stringContaining("s3:GetObject"),
  ]);
});

test.each<Error>([
  trouble("unreachable"),
  trouble("throttled"),
  Object.assign(new Error("no space left on device"), { code: "ENOSPC" }),
])("%s is told when it lasts, not when it passes", async (passing) => {
  failure = passing;
  await minutes(2);
  failure = null;
  await minutes(1);
  expect(told).toEqual([]);
  now = new Date(now.getTime() + defaultTimings.storage.restMs);
  failure = passing;
  await minutes(10);
  expect(told).toHaveLength(1);
  expect(told[0]?.reason).toContain(passing.message);
});

test.each<[Error | null, boolean]>([
  [null, true],
  [trouble("credentials"), false],
  [trouble("unreachable"), false],
  [trouble("throttled"), true],
  [trouble("permission", "s3:GetObject"), false],
  [trouble("permission", "s3:PutObject"), true],
  [new Error("no space left on device"), true],
])("with %s it is said at once whether files can be read: %s", async (what, can) => {
  failure = what;
  await minutes(1);
  expect(readable).toBe(can);
});

test("what an earlier worker told is settled by the next one", async () => {
  failure = trouble("bucket");
  await minutes(1);
  failure = null;
  loop = started();
  await minutes(1);
  expect([told.length, settled]).toEqual([1, 1]);
});

test("a look that another worker's look crosses is no trouble", async () => {
  const crossing = { ...files, get: async (key: string) => Promise.reject(new FileMissing(key)) };
  await expect(probeStore(crossing as unknown as SweptFileStore)).resolves.toBeUndefined();
});
