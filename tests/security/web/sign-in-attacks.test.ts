import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { addPerson, type Person } from "#tests/e2e/support/people.ts";
import { startWeb, type TestWeb } from "#tests/e2e/support/start-web.ts";

const post = (web: TestWeb, body: object, headers: Record<string, string> = {}) =>
  fetch(`${web.baseUrl}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: web.baseUrl, ...headers },
    body: JSON.stringify(body),
  });
const messageOf = async (answer: Response) => ((await answer.json()) as { message: string }).message;

describe("behind a proxy that says whom it heard", () => {
  let web: TestWeb;
  let victim: Person;

  beforeAll(async () => {
    web = await startWeb({ DRYDOCK_TRUSTED_PROXIES: "127.0.0.1" });
    victim = await addPerson(web, "Vera Victim");
  });
  beforeEach(async () => {
    await web.database.db.signInTry.deleteMany();
  });
  afterAll(() => web?.stop());

  const from = (address: string, email: string, password: string, cookie = "") =>
    post(web, { email, password }, { "x-forwarded-for": address, ...(cookie ? { cookie } : {}) });
  /** As a browser keeps it after a right password. */
  async function deviceOf(person: Person, address: string): Promise<string> {
    const cookies = (await from(address, person.email, person.password)).headers.getSetCookie();
    const device = cookies.find((cookie) => cookie.startsWith("drydock.device="));
    expect(device).toMatch(/; Max-Age=15552000; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(device).not.toContain(person.email.split("@")[0]);
    return device?.split(";")[0] ?? "";
  }

  /** As after all the requests that this kind of counter lets through. */
  const usedUp = async (kind: string) => {
    const free = kind === "requests|" ? 600 : 60;
    const { count } = await web.database.db.signInTry.updateMany({
      where: { key: { startsWith: kind } },
      data: { count: free },
    });
    expect(count).toBe(1);
  };

  test("a stranger locks the account for their own address, not for its owner", async () => {
    const tries = await Promise.all(
      Array.from({ length: 14 }, (_, i) => from("198.51.100.7", victim.email, `wrong guess ${i}`)),
    );
    expect(tries.map((one) => one.status).filter((status) => status === 401)).toHaveLength(10);
    const stranger = await from("198.51.100.7", victim.email, victim.password);
    expect(stranger.status).toBe(429);
    expect(await messageOf(stranger)).toMatch(
      /from here\. Wait 15 minutes, then try again; a browser in which/,
    );
    expect((await from("203.0.113.9", victim.email, victim.password)).status).toBe(200);
  });

  test("a stranger with many addresses slows new browsers down, and holds up none that was there before", async () => {
    const device = await deviceOf(victim, "203.0.113.9");
    for (let i = 0; i < 30; i += 1) {
      expect((await from(`198.51.100.${i}`, victim.email, "wrong guess")).status).toBe(401);
    }
    const fresh = await from("203.0.113.10", victim.email, victim.password);
    expect(fresh.status).toBe(429);
    expect(Number(fresh.headers.get("retry-after"))).toBeLessThanOrEqual(15);
    expect(await messageOf(fresh)).toMatch(
      /from many places\. Wait \d+ seconds?, then try again; a browser in which/,
    );
    expect((await from("203.0.113.11", victim.email, victim.password, device)).status).toBe(200);
    // Slow, not locked: after the wait one more may try.
    const { db } = web.database;
    await db.$executeRaw`UPDATE sign_in_try SET last_at = last_at - interval '16 seconds'`;
    expect((await from("203.0.113.10", victim.email, victim.password)).status).toBe(200);
  });

  test("a known browser is good for its own account, and for ten wrong tries like everybody", async () => {
    const mallory = await addPerson(web, "Mallory Known");
    const device = await deviceOf(mallory, "198.51.100.8");
    for (let i = 0; i < 10; i += 1) await from("198.51.100.8", victim.email, "wrong guess", device);
    expect((await from("198.51.100.8", victim.email, "wrong guess", device)).status).toBe(429);
    const forged = device.replace(/=([0-9a-f]{4})/, "=0000");
    for (let i = 0; i < 10; i += 1) await from("198.51.100.9", victim.email, "wrong guess", forged);
    expect((await from("198.51.100.9", victim.email, victim.password, forged)).status).toBe(429);

    const own = await deviceOf(victim, "203.0.113.9");
    for (let i = 0; i < 10; i += 1) await from("203.0.113.9", victim.email, "wrong guess", own);
    expect((await from("203.0.113.9", victim.email, victim.password, own)).status).toBe(429);
  });

  test("password spraying: one password on many accounts is stopped by the address it comes from", async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 26; i += 1) {
      const some = Array.from({ length: 4 }, (_, j) =>
        from("198.51.100.66", `person.${i}.${j}@example.edu`, "Autumn2024!"),
      );
      statuses.push(...(await Promise.all(some)).map((one) => one.status));
    }
    expect(statuses.filter((status) => status === 401)).toHaveLength(100);
    expect(statuses.slice(-4)).toEqual([429, 429, 429, 429]);
    const next = await from("198.51.100.66", "person.x@example.edu", "Autumn2024!");
    expect(await messageOf(next)).toMatch(/from your network\. Wait 5 minutes/);
    // Another address is another caller.
    expect((await from("198.51.100.67", victim.email, victim.password)).status).toBe(200);
  });

  test("a class that signs in from one address is not a spray: right passwords do not count", async () => {
    for (let i = 0; i < 12; i += 1) {
      expect((await from("198.51.100.70", victim.email, victim.password)).status).toBe(200);
    }
    const counted = await web.database.db.signInTry.findMany({ where: { count: { gt: 0 } } });
    expect(counted.map(({ key, count }) => [key.split("|")[0], count])).toEqual([["requests", 12]]);
  });

  test("a classmate behind the same address: requests without a password hold up nobody", async () => {
    const device = await deviceOf(victim, "203.0.113.50");
    const broken = (body: object) => post(web, body, { "x-forwarded-for": "203.0.113.50" });
    for (let i = 0; i < 26; i += 1) {
      const some = await Promise.all(
        Array.from({ length: 25 }, (_, j) => broken(j % 2 === 0 ? {} : { email: victim.email })),
      );
      expect(new Set(some.map((one) => one.status))).toEqual(new Set([400]));
    }
    expect((await from("203.0.113.50", victim.email, victim.password, device)).status).toBe(200);
    expect((await from("203.0.113.50", victim.email, victim.password)).status).toBe(200);
  });

  test("a classmate behind the same address: 600 requests in five minutes hold up new browsers, no known one", async () => {
    const device = await deviceOf(victim, "203.0.113.51");
    await usedUp("requests|");
    const fresh = await from("203.0.113.51", victim.email, victim.password);
    expect(fresh.status).toBe(429);
    expect(Number(fresh.headers.get("retry-after"))).toBeGreaterThan(290);
    expect(await messageOf(fresh)).toMatch(/people tried to sign in from your network\. Wait 5 minutes/);
    expect((await from("203.0.113.51", victim.email, victim.password, device)).status).toBe(200);
  });

  test("a class that signs in by and by, never five minutes without one, is not held up", async () => {
    expect((await from("203.0.113.52", victim.email, victim.password)).status).toBe(200);
    await usedUp("requests|");
    await web.database.db
      .$executeRaw`UPDATE sign_in_try SET since = now() - interval '301 seconds', last_at = now()`;
    expect((await from("203.0.113.52", victim.email, victim.password)).status).toBe(200);
    const [row] = await web.database.db.signInTry.findMany({ where: { key: { startsWith: "requests|" } } });
    expect(row?.count).toBe(1);
  });

  test("a known browser is held up by the requests of its own account's browsers alone", async () => {
    const device = await deviceOf(victim, "203.0.113.53");
    expect((await from("203.0.113.53", victim.email, victim.password, device)).status).toBe(200);
    await usedUp("devices|");
    expect((await from("203.0.113.53", victim.email, victim.password, device)).status).toBe(429);
    const mallory = await addPerson(web, "Mallory Devices");
    const theirs = await deviceOf(mallory, "203.0.113.53");
    expect((await from("203.0.113.53", mallory.email, mallory.password, theirs)).status).toBe(200);
  });

  test("a clock that was ahead holds up nobody once it is right again", async () => {
    for (let i = 0; i < 11; i += 1) await from("203.0.113.54", victim.email, "wrong guess");
    const { db } = web.database;
    await db.$executeRaw`UPDATE sign_in_try SET since = now() + interval '1 hour', last_at = now() + interval '1 hour'`;
    const held = await from("203.0.113.54", victim.email, victim.password);
    expect(held.status).toBe(429);
    expect(Number(held.headers.get("retry-after"))).toBeLessThanOrEqual(900);
    await db.$executeRaw`UPDATE sign_in_try SET since = since - interval '15 minutes'`;
    expect((await from("203.0.113.54", victim.email, victim.password)).status).toBe(200);
  });

  test("a stranger behind the same address stops no change of a password and no sign-out", async () => {
    const address = { "x-forwarded-for": "203.0.113.55" };
    const call = (endpoint: string, body: object, headers: Record<string, string> = {}) =>
      fetch(`${web.baseUrl}/api/auth/${endpoint}`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: web.baseUrl, ...address, ...headers },
        body: JSON.stringify(body),
      });
    const change = { currentPassword: "any", newPassword: "long enough password" };
    for (let i = 0; i < 5; i += 1) expect((await call("change-password", change)).status).toBe(401);
    for (let i = 0; i < 110; i += 1) await call("sign-out", {});
    const person = await addPerson(web, "Cora Change");
    const own = { cookie: person.cookie };
    for (let i = 0; i < 10; i += 1) expect((await call("change-password", change, own)).status).toBe(400);
    const held = await call("change-password", change, own);
    expect([held.status, held.headers.has("retry-after")]).toEqual([429, true]);
    expect((await call("sign-out", {}, own)).status).toBe(200);
  });

  test("the addresses of one IPv6 network are one caller", async () => {
    for (let i = 0; i < 10; i += 1) {
      expect((await from(`2001:db8:1:2::${i}`, victim.email, "wrong guess")).status).toBe(401);
    }
    expect((await from("2001:db8:1:2:aaaa::1", victim.email, victim.password)).status).toBe(429);
    expect((await from("2001:db8:1:3::1", victim.email, victim.password)).status).toBe(200);
  });

  test("hash flood: passwords beyond a short line are answered at once, and the site goes on", async () => {
    const answers = await Promise.all(
      Array.from({ length: 150 }, (_, i) => from(`203.0.${i}.1`, `flood.${i}@example.edu`, "any password")),
    );
    const busy = answers.filter((one) => one.status === 503);
    expect(new Set(answers.map((one) => one.status))).toEqual(new Set([401, 503]));
    expect(busy.length).toBeGreaterThan(50);
    for (const one of busy) expect(one.headers.get("retry-after")).toBe("5");
    expect(await messageOf(busy[0] as Response)).toMatch(/Wait a few seconds/);
    expect((await from("203.0.113.9", victim.email, victim.password)).status).toBe(200);
    // What nobody looked at counts as no wrong try.
    const counted = await web.database.db.signInTry.count({
      where: { key: { startsWith: "account|" }, count: 1 },
    });
    expect(counted).toBe(answers.length - busy.length);
  });
});

describe("without a proxy", () => {
  let web: TestWeb;
  beforeAll(async () => {
    web = await startWeb();
  });
  afterAll(() => web?.stop());

  test("spoofed X-Forwarded-For: whatever address is claimed, the connection's counts", async () => {
    const person = await addPerson(web, "Spoof Target");
    const claims = ["x-forwarded-for", "x-drydock-address", "x-real-ip", "forwarded", "cf-connecting-ip"];
    for (let i = 0; i < 10; i += 1) {
      const claimed = Object.fromEntries(claims.map((name) => [name, `198.51.100.${i}`]));
      expect((await post(web, { email: person.email, password: "wrong guess" }, claimed)).status).toBe(401);
    }
    const claimed = { "x-forwarded-for": "198.51.100.200", "x-drydock-address": "198.51.100.200" };
    expect((await post(web, { email: person.email, password: person.password }, claimed)).status).toBe(429);
    expect(await web.database.db.signInTry.count({ where: { key: { startsWith: "account-from|" } } })).toBe(
      1,
    );
  });

  test("a token that is not signed is nobody's, also one from the table of sessions", async () => {
    const person = await addPerson(web, "Tina Token");
    const { token } = await web.database.db.session.findFirstOrThrow({ where: { userId: person.userId } });
    const who = async (value: string) => {
      const headers = { authorization: `Bearer ${value}` };
      return (await fetch(`${web.baseUrl}/api/auth/get-session`, { headers })).json();
    };
    expect(await who(token)).toBeNull();
    expect(await who(`${token}.forged`)).toBeNull();
    expect(await who(person.token)).toMatchObject({ user: { id: person.userId } });
  });

  test("what a script in a page may read of a session holds no token", async () => {
    const person = await addPerson(web, "Xenia Script");
    // Old enough that the session is renewed, which sets its cookie anew.
    const old = new Date(Date.now() - 3 * 86_400_000);
    await web.database.db.session.updateMany({
      where: { userId: person.userId },
      data: { updatedAt: old, expiresAt: new Date(old.getTime() + 14 * 86_400_000) },
    });
    const answer = await fetch(`${web.baseUrl}/api/auth/get-session`, { headers: { cookie: person.cookie } });
    const { token } = await web.database.db.session.findFirstOrThrow({ where: { userId: person.userId } });
    expect(answer.headers.getSetCookie()).not.toEqual([]);
    expect(answer.headers.get("set-auth-token")).toBeNull();
    const text = await answer.text();
    expect(text).toContain(person.userId);
    expect(text).not.toContain(token);
  });

  test("a prefetched page has a policy as every page has, with a nonce that its reader cannot choose", async () => {
    const headers = {
      "next-router-prefetch": "1",
      "x-nonce": "known-nonce",
      "x-drydock-path": "//evil.example",
    };
    const answer = await fetch(`${web.baseUrl}/sign-in`, { headers });
    expect(answer.headers.get("content-security-policy")).toMatch(/script-src 'self' 'nonce-[^']+'/);
    expect(answer.headers.get("content-security-policy")).not.toContain("known-nonce");
    expect(await answer.text()).not.toContain("known-nonce");
    const sent = await fetch(`${web.baseUrl}/courses/any`, { headers, redirect: "manual" });
    expect(sent.headers.get("location") ?? "").not.toContain("evil");
  });
});
