import { expect, test } from "vitest";
import { createUploadsUnderWay, type UploadsUnderWay } from "./uploads-under-way.ts";

const enter = (uploads: UploadsUnderWay, userId: string, key: string | null = null, reservedBytes = 1) =>
  uploads.enter({ userId, course: "course", idempotencyKey: key, reservedBytes });

test("two of a person are under way at once, the third is refused until one of them is answered", async () => {
  const uploads = createUploadsUnderWay();
  const first = await enter(uploads, "a");
  await enter(uploads, "a");
  await expect(enter(uploads, "a", "key")).rejects.toMatchObject({ code: "too-many-uploads" });
  await enter(uploads, "b");
  first.leave();
  expect((await enter(uploads, "a", "key")).waited).toBe(false);
});

test("one with the key of one under way waits for it, as its answer will be the same", async () => {
  const uploads = createUploadsUnderWay();
  const first = await enter(uploads, "a", "key");
  await enter(uploads, "a", "other");
  const again = Array.from({ length: 20 }, () => enter(uploads, "a", "key"));
  await expect(enter(uploads, "a", "key")).rejects.toMatchObject({ code: "too-many-uploads" });
  first.leave();
  for (const one of again) {
    const place = await one;
    expect(place.waited).toBe(true);
    place.leave();
  }
});

test("what others bring counts as soon as it comes, of the same person and of all in the course", async () => {
  const uploads = createUploadsUnderWay();
  const mine = await enter(uploads, "a");
  const second = await enter(uploads, "a");
  const theirs = await enter(uploads, "b");
  mine.arrived(10);
  second.arrived(5);
  theirs.arrived(3);
  expect(mine.others()).toEqual({ person: 5, course: 8 });
  second.leave();
  expect(mine.others()).toEqual({ person: 0, course: 3 });
});

test("all together reserve no more than 8 GB", async () => {
  const uploads = createUploadsUnderWay();
  const held = await enter(uploads, "a", null, 8 * 1024 ** 3 - 10);
  await enter(uploads, "b", null, 10);
  await expect(enter(uploads, "c")).rejects.toThrow("8 GB are under way, the most at once for all");
  held.leave();
  await enter(uploads, "c");
});

test("one that is sent again gives the earlier up, which nobody is waited for twice", async () => {
  const uploads = createUploadsUnderWay();
  const enter = (giveUp?: () => void) =>
    uploads.enter({ userId: "ann", course: "c", idempotencyKey: "k", reservedBytes: 1, giveUp });
  const given: string[] = [];
  const first = await enter(() => {
    given.push("first");
    first.leave();
  });
  await enter(() => void given.push("second"));
  expect((await enter()).waited).toBe(true);
  expect(given).toEqual(["first"]);
});

test("one that is sent again gives nothing up that arrives whole in a moment", async () => {
  const uploads = createUploadsUnderWay();
  const given: string[] = [];
  const enter = (name: string) => {
    const giveUp = () => void given.push(name);
    return uploads.enter({ userId: "ann", course: "c", idempotencyKey: "k", reservedBytes: 1, giveUp });
  };
  const [first, second] = [await enter("first"), await enter("second")];
  const third = enter("third");
  const fourth = enter("fourth");
  first.arrivedWhole();
  second.arrivedWhole();
  // Beside those two, which are not answered yet.
  expect((await third).waited).toBe(true);
  (await third).arrivedWhole();
  second.leave();
  expect((await fourth).waited).toBe(true);
  expect(given).toEqual([]);
});

test("one that is sent again has a place beside those that arrived whole, and the next takes that one's", async () => {
  const uploads = createUploadsUnderWay();
  const whole = [await enter(uploads, "a", "key"), await enter(uploads, "a", "key")];
  for (const place of whole) place.arrivedWhole();
  const given: string[] = [];
  const third = await uploads.enter({
    ...{ userId: "a", course: "course", idempotencyKey: "key", reservedBytes: 1 },
    giveUp() {
      given.push("third");
      third.leave();
    },
  });
  expect(third.waited).toBe(false);
  await expect(enter(uploads, "a", "other")).rejects.toMatchObject({ code: "too-many-uploads" });
  const fourth = await enter(uploads, "a", "key");
  expect([given, fourth.waited]).toEqual([["third"], true]);
});

test("one that is sent again is not short of room for its own tries", async () => {
  const uploads = createUploadsUnderWay();
  const [first, theirs] = [await enter(uploads, "a", "key"), await enter(uploads, "b", "key")];
  const again = await enter(uploads, "a", "key");
  first.arrived(10);
  theirs.arrived(3);
  expect(again.others()).toEqual({ person: 0, course: 3 });
});

test("requests of one person are bounded before anything is known of them, and of nobody else", () => {
  const uploads = createUploadsUnderWay();
  const [first] = Array.from({ length: 4 }, () => uploads.begin("ann"));
  expect(() => uploads.begin("ann")).toThrow(/wait until they are answered/);
  uploads.begin("bob").leave();
  first?.leave();
  first?.leave();
  uploads.begin("ann");
  expect(() => uploads.begin("ann")).toThrow(/wait until they are answered/);
});

test("those whose first file has begun are bounded too, and one refused takes no place", () => {
  const uploads = createUploadsUnderWay();
  const all = Array.from({ length: 24 }, () => {
    const one = uploads.begin("ann");
    one.opened();
    return one;
  });
  for (let i = 0; i < 10; i++) expect(() => uploads.begin("ann")).toThrow(/wait until they are answered/);
  for (const one of all) one.leave();
  for (let i = 0; i < 4; i++) uploads.begin("ann");
});
