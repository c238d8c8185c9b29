import { beforeAll, expect, test } from "vitest";
import type { CheckOutcome } from "#grading/protocol/messages.ts";
import { type Files, openTestMachines, type TestMachines } from "./support/grade-files.ts";

/** One machine builds all of these, one after the other; the last one shows that it is still well. */
const builds: Record<
  string,
  {
    dockerfile: string;
    /** The check's time limit. */
    seconds?: number;
    /** It must be ended for what it does, and not at its time limit of 90 s. */
    endsEarly?: true;
    happened: RegExp;
    with?: object;
  }
> = {
  forks: {
    dockerfile: "FROM busybox:latest\nRUN f() { f | f & }; f; sleep 60",
    endsEarly: true,
    happened: /line 2.*started processes without end: it wanted more than the 512 at once/,
  },
  "quiet-forks": {
    dockerfile:
      'FROM python:3.13-slim\nRUN ["python3", "-c", "import os\\nwhile True:\\n  try:\\n    os.fork()\\n  except OSError:\\n    pass"]',
    endsEarly: true,
    happened: /line 2.*started processes without end: it wanted more than the 512 at once/,
  },
  memory: {
    dockerfile: "FROM debian:trixie-slim\n\nRUN tail /dev/zero",
    happened: /line 3.*exit status 137: it took more than the 1536 MiB of memory that a build may have/,
  },
  flood: {
    dockerfile: "FROM busybox:latest\nRUN yes",
    endsEarly: true,
    happened: /flooded the build's output: more than the 8 MiB/,
  },
  "flood-on-one-line": {
    dockerfile: "FROM busybox:latest\nRUN tr '\\0' x < /dev/zero",
    endsEarly: true,
    happened: /flooded the build's output: more than the 8 MiB/,
  },
  endless: {
    dockerfile: "FROM busybox:latest\nRUN echo waiting; sleep 600",
    seconds: 5,
    happened: /did not finish within its 5 s.*line 2[\s\S]*waiting/,
  },
  disk: {
    dockerfile: "FROM busybox:latest\nRUN dd if=/dev/zero of=/fill bs=1M",
    with: { maxDiskMiB: 300 },
    happened: /put more on the disk than the 300 MiB/,
  },
  internet: {
    dockerfile: "FROM busybox:latest\nRUN wget http://example.com/",
    happened: /line 2.*it wanted the internet, and builds have none/,
  },
  "unknown-base": {
    dockerfile: "FROM busybox:latest AS first\nFROM first\nFROM evil/image:1",
    happened: /Line 3 builds FROM evil\/image:1, which is not among them/,
  },
  "foreign-syntax": {
    dockerfile: "# syntax=evil/frontend:1\nFROM busybox:latest",
    happened: /asks for the syntax evil\/frontend:1/,
  },
  "never-handed-in": {
    dockerfile: "FROM busybox:latest\nCOPY src /src",
    happened: /src was to be copied into the image in line 2.*The build context has Dockerfile\./s,
  },
  misspelt: { dockerfile: "FROM busybox:latest\nRUNN true", happened: /cannot be read in line 2.*RUNN/ },
  outside: {
    dockerfile: "FROM busybox:latest\nCOPY ../../hidden/secret.txt /",
    happened: /^hidden was to be copied into the image in line 2/,
  },
  "wrong-command": {
    // Both to one stream: two are in no order.
    dockerfile: "FROM busybox:latest\nRUN echo before >&2 && no-such-program",
    happened: /line 2.*exit status 127\. Its last line was “.*no-such-program: not found”/s,
  },
};

/** These are right, whoever wrote them with what. */
const right: Files = {
  windows:
    '\uFEFF# syntax=docker/dockerfile:1\r\n# escape=`\r\nFROM busybox:latest\r\nRUN echo one `\r\n  && echo two\r\nCMD ["true"]\r\n',
  well: '# syntax=docker/dockerfile:1\nFROM busybox:latest\nRUN echo well\nCMD ["true"]',
};

let machines: TestMachines;
let checks: Map<string, CheckOutcome>;
beforeAll(async () => {
  machines = await openTestMachines();
  const submission: Files = {};
  for (const [name, { dockerfile }] of Object.entries(builds)) submission[`${name}/Dockerfile`] = dockerfile;
  for (const [name, dockerfile] of Object.entries(right)) submission[`${name}/Dockerfile`] = dockerfile;
  const all: [string, Partial<(typeof builds)[string]>][] = [
    ...Object.entries(builds),
    ...Object.keys(right).map((name): [string, object] => [name, {}]),
  ];
  const graded = await machines.grade(
    {
      slug: "hostile-build",
      title: "Hostile builds",
      timeoutSeconds: 900,
      checks: all.map(([name, build]) => ({
        id: name,
        kind: "docker/build",
        title: name,
        points: 1,
        timeoutSeconds: build.seconds ?? 90,
        with: { context: `${name}/`, ...build.with },
      })),
    },
    { "secret.txt": "hidden" },
    submission,
  );
  expect(graded.reason).toBeNull();
  checks = new Map(graded.checks.map((check) => [check.id, check]));
}, 600_000);

for (const [name, { happened }] of Object.entries(builds))
  test(`a build with the fault “${name}” fails by its name`, () => {
    expect(checks.get(name)).toMatchObject({ verdict: "failed", fault: "student", points: 0 });
    expect(checks.get(name)?.message.happened).toMatch(happened);
  });

for (const [name, { endsEarly }] of Object.entries(builds))
  if (endsEarly)
    test(`a build with the fault “${name}” is ended as soon as that is certain, not at its time limit`, () => {
      expect(checks.get(name)?.durationMs).toBeLessThan(80_000);
    });

test("what an editor on Windows wrote, with a byte-order mark and an escape of its own, builds", () => {
  expect(checks.get("windows")).toMatchObject({ verdict: "passed" });
});

test("the machine still builds after all of them", () => {
  expect(checks.get("well")).toMatchObject({ verdict: "passed" });
});

test("nothing of the machine is left on the host", async () => {
  const label = JSON.stringify({ label: [`drydock.installation=${machines.installation}`] });
  expect(await machines.docker.listContainers({ all: true, filters: label })).toEqual([]);
});
