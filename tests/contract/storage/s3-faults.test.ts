import { randomBytes, randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { FileExists } from "#grading/submissions/ports.ts";
import type { BucketSettings } from "#infra/config/bucket.ts";
import { probeStore } from "#infra/storage/probe-store.ts";
import { createS3Store, type S3Store } from "#infra/storage/s3/s3-store.ts";
import { StorageError } from "#infra/storage/storage-error.ts";
import { type Fault, type FaultProxy, startFaultProxy } from "./support/fault-proxy.ts";
import { large, measureOf, pieces } from "./support/store-contract.ts";
import { type LocalBuckets, startLocalBuckets } from "./support/test-buckets.ts";

let buckets: LocalBuckets;
let proxy: FaultProxy;
let settings: BucketSettings;
let store: S3Store;
beforeAll(async () => {
  // Else a look for credentials asks a metadata service, which this computer may not have.
  process.env.AWS_EC2_METADATA_DISABLED = "true";
  buckets = await startLocalBuckets();
}, 45 * 60_000);
afterAll(() => buckets.close());
beforeEach(async () => {
  proxy = await startFaultProxy(buckets.server.port);
  settings = await buckets.newSettings();
  store = buckets.open({ ...settings, endpoint: proxy.endpoint });
});
afterEach(() => proxy.close());

const always = Number.POSITIVE_INFINITY;
const fail = (on: RegExp, does: Fault["does"], times = 1) => void proxy.faults.push({ on, does, times });
const put = (whole: Buffer, rules = {}) => store.put("submissions/sub_1", pieces(whole), rules);
const stored = async () => buffer((await store.get("submissions/sub_1")).stream);
const left = () => buckets.namesLeft(settings);
const small = Buffer.from("small");
const troubled = (trouble: string) => expect.objectContaining({ name: "StorageError", trouble });

describe("a file in S3 whose connection fails", () => {
  it.each([
    ["put at once", small, /^PUT /],
    ["put in parts", randomBytes(large), /^POST .*uploadId=/],
  ])(
    "was %s all the same when only the reply was lost, also when it may be written only once",
    async (_how, whole, last) => {
      for (const rules of [{ once: true }, { once: true }, {}]) {
        fail(last, { kind: "lose-reply" });
        expect(await put(whole, rules)).toEqual(measureOf(whole));
        expect((await stored()).equals(whole)).toBe(true);
      }
      expect(proxy.faults.map(({ times }) => times)).toEqual([0, 0, 0]);
      expect(await left()).toEqual(["submissions/sub_1"]);
    },
  );

  it("was put when every reply of its upload was lost", async () => {
    fail(/^PUT /, { kind: "lose-reply" }, always);
    expect(await put(small, { once: true })).toEqual(measureOf(small));
    expect(await put(small)).toEqual(measureOf(small));
    await expect(put(Buffer.from("other"), { once: true })).rejects.toThrow(FileExists);
  });

  it.each([
    ["at once", small, 2],
    ["in parts", randomBytes(large), 1024 ** 2],
  ])("is sent %s again when it broke on the way", async (_how, whole, after) => {
    fail(/^PUT /, { kind: "drop-upload", after });
    expect(await put(whole)).toEqual(measureOf(whole));
    expect((await stored()).equals(whole)).toBe(true);
    expect(await left()).toEqual(["submissions/sub_1"]);
  });

  it("leaves what was there, and no part, when it broke every time; its source is let go of", async () => {
    await put(small);
    fail(/partNumber=2/, { kind: "drop-upload", after: 1024 ** 2 }, always);
    const source = pieces(randomBytes(large));
    const failing = store.put("submissions/sub_1", source);
    await expect(failing).rejects.toEqual(troubled("unreachable"));
    expect(source.destroyed).toBe(true);
    expect((await stored()).equals(small)).toBe(true);
    expect(await left()).toEqual(["submissions/sub_1"]);
  });

  it("says why its source broke also when S3 went away at that moment, and is swept later", async () => {
    const source = Readable.from(
      (async function* () {
        yield* pieces(randomBytes(large));
        proxy.faults.unshift({
          on: /./,
          does: { kind: "answer", status: 503, code: "ServiceUnavailable" },
          times: always,
        });
        throw new Error("The student went away.");
      })(),
    );
    await expect(store.put("submissions/sub_1", source)).rejects.toThrow("The student went away.");
    const [half, ...more] = await left();
    expect([half?.startsWith("submissions/sub_1?"), more]).toEqual([true, []]);
  });

  it("is never read as if it were whole", async () => {
    const whole = randomBytes(large);
    await put(whole);
    fail(/^GET /, { kind: "drop-download", after: 5 * 1024 ** 2 }, 2);
    const { stream, bytes } = await store.get("submissions/sub_1");
    expect(bytes).toBe(large);
    await expect(buffer(stream)).rejects.toEqual(troubled("unreachable"));
    let used = false;
    const local = store.withLocalFile("submissions/sub_1", async () => {
      used = true;
    });
    await expect(local).rejects.toEqual(troubled("unreachable"));
    expect(used).toBe(false);
    expect((await stored()).equals(whole)).toBe(true);
  });

  it("has one owner although the reply was lost", async () => {
    fail(/^PUT /, { kind: "lose-reply" });
    expect(await store.own("ins_1")).toBe("ins_1");
    expect(await store.own("ins_2")).toBe("ins_1");
  });

  it("goes through when S3 asked to slow down, and says so when it keeps asking", async () => {
    const slowDown = { kind: "answer", status: 503, code: "SlowDown" } as const;
    fail(/^PUT /, slowDown, 2);
    expect(await put(small)).toEqual(measureOf(small));
    fail(/^GET /, slowDown, always);
    const failing = store.get("submissions/sub_1");
    await expect(failing).rejects.toEqual(troubled("throttled"));
    await expect(failing).rejects.toMatchObject({ retryable: true });
  });
});

describe("trouble with a bucket names what to change", () => {
  const calls: [string, string, () => Promise<unknown>][] = [
    ["s3:PutObject", "PUT", () => put(small)],
    ["s3:GetObject", "GET", () => store.get("submissions/sub_1")],
    ["s3:ListBucket", "GET", () => store.find("submissions/sub_1")],
    ["s3:DeleteObject", "DELETE", () => store.delete("submissions/sub_1")],
    ["s3:ListBucketMultipartUploads", "GET", async () => store.unfinished()[Symbol.asyncIterator]().next()],
  ];

  it.each(calls)("the permission %s that is missing", async (permission, method, call) => {
    fail(new RegExp(`^${method} `), { kind: "answer", status: 403, code: "AccessDenied" }, always);
    await expect(call()).rejects.toEqual(troubled("permission"));
    await expect(call()).rejects.toThrow(permission);
    await expect(call()).rejects.toMatchObject({ retryable: false });
  });

  it.each([
    ["s3:PutObject", /^PUT /],
    ["s3:GetObject", /^GET .*health\/probe\?x-id/],
    ["s3:ListBucket", /^GET .*list-type=2/],
    ["s3:ListBucketMultipartUploads", /^GET .*uploads/],
    ["s3:DeleteObject", /^DELETE /],
  ])("the permission %s when the store is looked at, which else leaves nothing", async (permission, on) => {
    await probeStore(store);
    expect(await left()).toEqual([]);
    fail(on, { kind: "answer", status: 403, code: "AccessDenied" }, always);
    await expect(probeStore(store)).rejects.toMatchObject({ trouble: "permission", permission });
  });

  it("the permission as AWS says it, where it does", async () => {
    const message =
      "User: arn:aws:iam::1:user/x is not authorized to perform: s3:PutObjectTagging on resource: y";
    fail(/^PUT /, { kind: "answer", status: 403, code: "AccessDenied", message }, always);
    await expect(put(small)).rejects.toThrow("lack the permission s3:PutObjectTagging on the bucket");
  });

  const opened = (changes: Partial<BucketSettings>, credentials = buckets.server.credentials) => {
    const other = createS3Store({ ...settings, ...changes }, credentials);
    return { find: () => other.find("submissions/sub_1"), get: () => other.get("submissions/sub_1"), other };
  };

  it("the credentials, wrong or expired", async () => {
    const { find } = opened({}, { ...buckets.server.credentials, secretAccessKey: "of somebody else" });
    await expect(find()).rejects.toEqual(troubled("credentials"));
    await expect(find()).rejects.toThrow("AWS_SECRET_ACCESS_KEY");
    for (const code of ["InvalidAccessKeyId", "ExpiredToken"]) {
      fail(/^GET /, { kind: "answer", status: code === "ExpiredToken" ? 400 : 403, code });
      await expect(store.find("a")).rejects.toEqual(troubled("credentials"));
    }
  });

  it("the credentials, of which there are none", async () => {
    const other = createS3Store(settings);
    for (const name of ["AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"])
      vi.stubEnv(name, undefined);
    await expect(other.find("a")).rejects.toEqual(troubled("credentials"));
    const presigning = other.presign({ key: "a", method: "GET", expiresSeconds: 60 });
    await expect(presigning).rejects.toEqual(troubled("credentials"));
    vi.unstubAllEnvs();
  });

  it("the clock", async () => {
    fail(/^GET /, { kind: "answer", status: 403, code: "RequestTimeTooSkewed" }, always);
    await expect(store.find("a")).rejects.toEqual(troubled("clock"));
  });

  it("the bucket that is not there, which is no missing file", async () => {
    const { find, get, other } = opened({ bucket: `drydock-${randomUUID()}` });
    const putting = () => other.put("a", Readable.from([small]));
    for (const call of [find, get, putting, () => other.owner(), () => other.trash("a", new Date())]) {
      await expect(call()).rejects.toEqual(troubled("bucket"));
      await expect(call()).rejects.toThrow("DRYDOCK_S3_BUCKET");
    }
  });

  it("the region, and which is right where S3 says so", async () => {
    await expect(opened({ region: "eu-west-1" }).find()).rejects.toEqual(troubled("region"));
    const more = "<Region>eu-central-1</Region>";
    fail(/^GET /, { kind: "answer", status: 400, code: "AuthorizationHeaderMalformed", more }, always);
    await expect(store.get("a")).rejects.toThrow("set AWS_REGION to eu-central-1");
    fail(/^PUT /, { kind: "answer", status: 301, code: "PermanentRedirect" }, always);
    await expect(put(small)).rejects.toEqual(troubled("region"));
  });

  it("the server that is not there, or breaks", async () => {
    const gone = await startFaultProxy(buckets.server.port);
    await gone.close();
    const { find } = opened({ endpoint: gone.endpoint });
    await expect(find()).rejects.toEqual(troubled("unreachable"));
    await expect(find()).rejects.toThrow(`${gone.endpoint} of DRYDOCK_S3_ENDPOINT`);
    fail(/^GET /, { kind: "answer", status: 500, code: "InternalError" }, always);
    await expect(store.get("a")).rejects.toBeInstanceOf(StorageError);
    await expect(store.get("a")).rejects.toMatchObject({ trouble: "unreachable", retryable: true });
  });
});
