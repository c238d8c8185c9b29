import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { kindOf } from "./kinds.ts";
import { createPlaces, type NoPlace } from "./places.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The process looks at what has come by the network. */
const look = () => vi.advanceTimersByTime(1);
const bounds = { inAll: 4, perAddress: 2, waitingInAll: 30, waitingPerAddress: 20, waitMs: 1000 };

function asking(places = createPlaces(bounds)) {
  const entered: string[] = [];
  const refused: [string, NoPlace][] = [];
  const leaves: (() => void)[] = [];
  return {
    ...{ places, entered, refused, leaves },
    ask: (address: string) =>
      places.ask(
        address,
        (leave) => {
          entered.push(address);
          leaves.push(leave);
        },
        (why) => refused.push([address, why]),
      ),
  };
}

test("so many are under way of one address, and in all; the others wait and enter as places are left", () => {
  const { ask, entered, leaves, places } = asking();
  for (const address of ["a", "a", "a", "b", "b", "c"]) ask(address);
  expect(entered).toEqual(["a", "a", "b", "b"]);
  leaves[2]?.();
  look();
  // The line of "a" is before that of "c", but "a" has both of its places.
  expect(entered).toEqual(["a", "a", "b", "b", "c"]);
  leaves[0]?.();
  look();
  expect(entered.at(-1)).toBe("a");
  expect([places.underWay(), places.waiting()]).toEqual([4, 0]);
});

test("addresses take turns, however many wait behind one of them", () => {
  const { ask, entered, leaves } = asking();
  for (let i = 0; i < 20; i += 1) ask("flood");
  for (const address of ["b", "c", "d", "b", "c", "d"]) ask(address);
  for (let i = 0; i < 12; i += 1) {
    leaves[i]?.();
    look();
  }
  expect(entered.slice(0, 10)).toContain("d");
  expect(entered.slice(0, 12).filter((address) => address !== "flood")).toHaveLength(6);
});

test("a busy site hears what comes: after each that leaves one enters, with a look at the network before it", () => {
  const places = createPlaces(bounds);
  let entered = 0;
  const answerAtOnce = (leave: () => void) => {
    entered += 1;
    leave();
  };
  const held: (() => void)[] = [];
  for (let i = 0; i < 2; i += 1) places.ask("a", (leave) => held.push(leave), expect.unreachable);
  for (let i = 0; i < 10; i += 1) places.ask("a", answerAtOnce, expect.unreachable);
  held[0]?.();
  expect(entered).toBe(0);
  for (let i = 1; i <= 10; i += 1) {
    vi.advanceTimersToNextTimer();
    expect(entered).toBe(i);
  }
});

test("beyond so many waiting the newest is refused, and who waited too long", () => {
  const { ask, refused, places } = asking();
  for (let i = 0; i < 23; i += 1) ask("flood");
  expect(refused).toEqual([["flood", "full"]]);
  vi.advanceTimersByTime(1000);
  expect(refused).toHaveLength(21);
  expect(refused.at(-1)).toEqual(["flood", "waited"]);
  expect([places.underWay(), places.waiting()]).toEqual([2, 0]);
});

test("who goes away while waiting is not called, and leaving twice leaves once", () => {
  const { ask, entered, leaves, places } = asking();
  for (let i = 0; i < 2; i += 1) ask("a");
  const giveUp = ask("a");
  ask("a");
  giveUp();
  leaves[0]?.();
  leaves[0]?.();
  look();
  expect(entered).toHaveLength(3);
  expect([places.underWay(), places.waiting()]).toEqual([2, 0]);
});

test("uploads, signs of life, passwords and files have places of their own beside pages", () => {
  expect(kindOf("POST", "/api/submissions?exercise=a/b/c")).toBe("upload");
  expect(kindOf("GET", "/api/submissions")).toBe("page");
  expect(kindOf("GET", "/api/health")).toBe("health");
  expect(kindOf("POST", "/api/auth/sign-in/email")).toBe("sign-in");
  expect(kindOf("POST", "/sign-in?next=%2F")).toBe("sign-in");
  expect(kindOf("GET", "/sign-in")).toBe("page");
  expect(kindOf("GET", "/_next/static/chunks/a.js")).toBe("file");
  expect(kindOf("GET", "/courses/x")).toBe("page");
});
