import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findSecret, isEnvFile, knownSecrets, namedSecret } from "./docker/image/find-secrets.ts";
import { parseLimits } from "./docker/kit/parse-limits.ts";
import { CappedOutput } from "./kit/container/capped-output.ts";
import { findFolder } from "./kit/container/cgroup.ts";
import { judgeParts } from "./kit/credit/share-credit.ts";
import { parseListeners } from "./kit/http/listeners.ts";
import { createLineSplitter } from "./kit/words/line-splitter.ts";
import { findJsonProblem } from "./kit/words/match-json.ts";
import { textMatches } from "./kit/words/match-text.ts";

describe("captured output", () => {
  test("is never lost from the front, and its end is kept in bounded memory", () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 9000 }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 5000 }),
        (chunks, cap) => {
          const ascii = chunks.map((chunk) => Buffer.from(chunk.map((byte) => 97 + (byte % 26))));
          const output = new CappedOutput(cap);
          for (const chunk of ascii) output.write(chunk);
          const all = Buffer.concat(ascii).toString();
          const text = output.text();
          expect(output.total).toBe(all.length);
          expect(text.startsWith(all.slice(0, cap))).toBe(true);
          expect(text.endsWith(all.slice(Math.max(cap, all.length - 16_384)))).toBe(true);
          if (all.length <= cap) expect(text).toBe(all);
          if (all.length > cap + 16_384) expect(text).toContain("bytes of output left out here");
        },
      ),
    );
  });

  test("splits into the same lines however the bytes are cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-zé€ ]{0,12}$/), { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 5 })),
        (lines, cuts) => {
          const found: string[] = [];
          const splitter = createLineSplitter((line) => found.push(line));
          let bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
          for (const cut of cuts) {
            splitter.write(bytes.subarray(0, cut));
            bytes = bytes.subarray(cut);
          }
          splitter.write(bytes);
          splitter.end();
          expect(found).toEqual(lines);
        },
      ),
    );
  });
});

describe("limits as a student states them", () => {
  test("mean what docker run would take them for", () => {
    const of = (text: string) => {
      const parsed = parseLimits(text);
      return parsed.outcome === "ok"
        ? [parsed.limits.memory?.value, parsed.limits.cpus?.value]
        : parsed.problem;
    };
    expect(of("# mine\nMEMORY=64m\nCPUS=0.5 # half\n")).toEqual([64 * 2 ** 20, 0.5]);
    expect(of('export MEMORY="1G"\r\nCPUS=.25\r\n')).toEqual([2 ** 30, 0.25]);
    expect(of("")).toEqual([undefined, undefined]);
    expect(of("\nMEMORY=lots")).toBe("line 2 says MEMORY=lots, which is no size such as 64m");
    expect(of("CPUS=-1")).toBe("line 1 says CPUS=-1, which is no number such as 0.5");
    expect(of("MEMORY=")).toContain("line 1");
  });

  test("any text gives limits or a problem, and limits are positive numbers", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((s) => `MEMORY=${s}`),
          fc.string().map((s) => `CPUS=${s}`),
        ),
        (text) => {
          const parsed = parseLimits(text);
          if (parsed.outcome !== "ok") return;
          for (const stated of [parsed.limits.memory, parsed.limits.cpus])
            if (stated) expect(stated.value).toBeGreaterThan(0);
        },
      ),
    );
  });
});

describe("control groups are found", () => {
  test("on version 1, each controller in its own place", () => {
    const memberships = "12:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc\n0::/docker/abc\n";
    const mounts =
      "30 25 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n31 25 0:27 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n";
    expect(findFolder(memberships, mounts, "memory")).toEqual({
      version: 1,
      folder: "/sys/fs/cgroup/memory/docker/abc",
    });
    expect(findFolder(memberships, mounts, "cpuacct").folder).toBe("/sys/fs/cgroup/cpu,cpuacct/docker/abc");
  });
  test("on version 2, and where a mount shows only our own part of the tree", () => {
    const mounts = "30 25 0:26 /outer /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n";
    expect(findFolder("0::/outer/docker/abc\n", mounts, "memory")).toEqual({
      version: 2,
      folder: "/sys/fs/cgroup/docker/abc",
    });
  });
});

test("listening sockets are read from the kernel's table", () => {
  const line = (address: string, state: string) =>
    `   0: ${address} 00000000:0000 ${state} 00000000:00000000 00:00000000\n`;
  const table = `  sl  local_address rem_address   st\n${line("0100007F:1F90", "0A")}${line("00000000:0050", "0A")}${line("00000000:0051", "01")}${line("00000000000000000000000000000000:1F91", "0A")}${line("00000000000000000000000001000000:1F92", "0A")}`;
  expect(parseListeners(table)).toEqual([
    { address: "127.0.0.1", port: 8080, loopback: true },
    { address: "0.0.0.0", port: 80, loopback: false },
    { address: "::", port: 8081, loopback: false },
    { address: "::1", port: 8082, loopback: true },
  ]);
});

test("secrets are found by what they are, and templates, examples and programs that read keys are none", () => {
  const find = (text: string) => findSecret(text, [...knownSecrets, namedSecret]);
  // Joined here so that no scanner takes this file for a leak.
  const begin = (kind: string) => ["-----BEGIN", `${kind}-----`].join(" ");
  const body = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ";
  expect(find(`${begin("OPENSSH PRIVATE KEY")}\n${body}`)).toBe("a private key");
  expect(find(`${begin("RSA PRIVATE KEY")}\nProc-Type: 4,ENCRYPTED\nDEK-Info: x,y\n\n${body}`)).toBe(
    "a private key",
  );
  expect(find(`LABEL key=${begin("PRIVATE KEY")}\\n${body}`)).toBe("a private key");
  expect(find(`id=${"AKIA"}ABCDEFGHIJKLMNOP`)).toBe("an AWS access key");
  expect(find(["ghp", "0123456789abcdefghijABCDEFGHIJ012345"].join("_"))).toBe("a GitHub token");
  for (const secret of ["DB_PASSWORD=hunter2", "AWS_SECRET_ACCESS_KEY=x", "SECRET_KEY_BASE=x", "apiKey=x"])
    expect(find(secret)).toBe("a password or token");
  for (const innocent of [
    "PASSWORD=$PASSWORD",
    "the token is passed",
    "PATH=/usr/bin",
    "PASSWORD=",
    "TOKENIZERS_PARALLELISM=false",
    "POSTGRES_PASSWORD_FILE=/run/secrets/db",
    `id=${"AKIA"}IOSFODNN7EXAMPLE`,
    `if text.startswith("${begin("PRIVATE KEY")}"):\n    return load(text)`,
    begin("PUBLIC KEY"),
  ])
    expect(find(innocent)).toBeNull();
  expect([".env", ".env.production", ".env.example", "env", ".envrc"].map(isEnvFile)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});

test("text and JSON match by what is stated and say what differs", () => {
  expect(textMatches({ equals: "168" }, "168\r\n")).toBe(true);
  expect(textMatches({ contains: ["a", "b"] }, "only a")).toBe(false);
  expect(textMatches({ regex: "^b$" }, "a\nb\nc")).toBe(true);
  expect(
    findJsonProblem({ "user.name": "x", items: { type: "array" } }, '{"user":{"name":"x"},"items":[]}'),
  ).toBeNull();
  expect(findJsonProblem({ count: 25 }, '{"count":"25"}')).toBe('count is "25" instead of 25.');
  expect(findJsonProblem({ "a.b": 1 }, '{"a":null}')).toBe("There is no a.b in it.");
  expect(findJsonProblem({ __proto__x: 1 }, "hello")).toBe("The body is not JSON.");
});

test("partial credit is the share of parts that hold, and never all of it while one is broken", () => {
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }),
      fc.boolean(),
      fc.integer({ min: 0, max: 100 }),
      (holds, partial, max) => {
        const parts = holds.map((ok) => ({
          expected: "x",
          problem: ok ? null : { happened: "h", fix: "f" },
        }));
        const said = judgeParts(parts, partial, max, "fine");
        if (holds.every(Boolean)) expect(said.verdict).toBe("passed");
        else
          expect(said).toMatchObject({
            verdict: "failed",
            points: partial ? (max * holds.filter(Boolean).length) / holds.length : 0,
          });
      },
    ),
  );
});
