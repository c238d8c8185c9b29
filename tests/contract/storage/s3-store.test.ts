import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SweptFileStore } from "#grading/submissions/ports.ts";
import type { BucketSettings } from "#infra/config/bucket.ts";
import type { S3Store } from "#infra/storage/s3/s3-store.ts";
import { describeStore, measureOf, pieces } from "./support/store-contract.ts";
import { startTestBuckets, type TestBuckets } from "./support/test-buckets.ts";

/** One server for all of it, or the one that the environment names. */
let buckets: TestBuckets;
beforeAll(async () => {
  buckets = await startTestBuckets();
}, 45 * 60_000);
afterAll(() => buckets.close());

describeStore("s3", async () => {
  const places = new Map<SweptFileStore, BucketSettings>();
  const placeOf = (store: SweptFileStore) => {
    const place = places.get(store);
    if (place === undefined) throw new Error("Not a store of this test.");
    return place;
  };
  return {
    async newStore() {
      const settings = await buckets.newSettings();
      const store = buckets.open(settings);
      places.set(store, settings);
      return store;
    },
    namesLeft: (store) => buckets.namesLeft(placeOf(store)),
    dieHalfWay: (store, key) => buckets.dieHalfWay(placeOf(store), key),
    close: async () => {},
  };
});

describe("a presigned request", () => {
  const key = "submissions/sub_1";
  const small = Buffer.from("small");
  let settings: BucketSettings;
  let store: S3Store;
  beforeEach(async () => {
    settings = await buckets.newSettings();
    store = buckets.open(settings);
  });
  const put = (whole: Buffer) => store.put(key, pieces(whole));
  const stored = async () => buffer((await store.get(key)).stream);
  const left = () => buckets.namesLeft(settings);
  const send = ({ url, headers }: { url: string; headers: Record<string, string> }, body?: Buffer) => {
    // fetch sets the length itself, and takes none.
    const { "content-length": _length, ...given } = headers;
    return fetch(url, body ? { method: "PUT", headers: given, body: new Uint8Array(body) } : {});
  };
  const toPut = (changes: object = {}) =>
    store.presign({ key, method: "PUT", expiresSeconds: 60, bytes: small.length, ...changes });

  it("gives one file, to whoever has it, and no other", async () => {
    await put(small);
    const asked = await store.presign({ key, method: "GET", expiresSeconds: 60 });
    expect(await (await send(asked)).text()).toBe("small");
    expect((await send({ ...asked, url: asked.url.replace("sub_1", "sub_2") })).status).toBe(403);
    expect((await fetch(asked.url, { method: "DELETE" })).status).toBe(403);
  });

  it("takes exactly as many bytes as were said, once", async () => {
    expect((await send(await toPut(), Buffer.from("larger"))).status).toBe(403);
    expect((await send(await toPut(), Buffer.from("less"))).status).toBe(403);
    expect(await left()).toEqual([]);
    const asked = await toPut();
    expect((await send(asked, small)).status).toBe(200);
    expect((await send(asked, Buffer.from("other"))).status).toBe(412);
    expect((await stored()).equals(small)).toBe(true);
  });

  it("takes only what has the hash", async () => {
    const { sha256 } = measureOf(small);
    expect((await send(await toPut({ sha256 }), Buffer.from("SMALL"))).status).toBe(400);
    expect(await left()).toEqual([]);
    expect((await send(await toPut({ sha256 }), small)).status).toBe(200);
  });

  it("is refused without one of its headers", async () => {
    const asked = await toPut({ sha256: measureOf(small).sha256 });
    for (const name of ["if-none-match", "x-amz-checksum-sha256"]) {
      const { [name]: _left, ...headers } = asked.headers;
      expect((await send({ url: asked.url, headers }, small)).status).toBe(403);
    }
    expect(await left()).toEqual([]);
  });

  it("expires, and is for a week at most", async () => {
    await put(small);
    const asked = await store.presign({ key, method: "GET", expiresSeconds: 1 });
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect((await send(asked)).status).toBe(403);
    for (const expiresSeconds of [0, 1.5, 604_801]) {
      await expect(store.presign({ key, method: "GET", expiresSeconds })).rejects.toThrow(RangeError);
    }
    const outside = store.presign({ key: "../other", method: "GET", expiresSeconds: 60 });
    await expect(outside).rejects.toThrow(RangeError);
  });
});
