import { beforeAll, describe, expect, test } from "vitest";
import type { CheckOutcome } from "#grading/protocol/messages.ts";
import { type Files, openTestMachines, type TestMachines } from "./support/grade-files.ts";

let machines: TestMachines;
beforeAll(async () => {
  machines = await openTestMachines();
}, 300_000);

const build = { id: "build", kind: "docker/build", title: "build", points: 1 };
const persist = (id: string, more: object) => ({
  id,
  kind: "docker/persist",
  title: id,
  points: 1,
  with: { run: { seconds: 10, output: { contains: "hello" } }, ...more },
});

async function grade(checks: object[], submission: Files, hidden: Files = { "unused.txt": "" }) {
  const exercise = { slug: "registry", title: "Registry", timeoutSeconds: 300, checks: [build, ...checks] };
  const graded = await machines.grade(exercise, hidden, {
    Dockerfile: 'FROM busybox:latest\nRUN echo mine > /mine\nCMD ["echo", "hello"]',
    ...submission,
  });
  return { ...graded, checks: new Map(graded.checks.map((check) => [check.id, check])) };
}

describe("an image that goes through a registry", () => {
  let checks: Map<string, CheckOutcome>;
  const names: Record<string, [file: string, happened: RegExp]> = {
    "no-tag": [
      "IMAGE=127.0.0.1:5000/me/app",
      /Line 1 of no-tag\.env says IMAGE=127\.0\.0\.1:5000\/me\/app, which is no name with a tag/,
    ],
    "other-registry": [
      "# mine\nIMAGE=docker.io/me/app:1",
      /Line 2 .* which is no name with a tag in the registry 127\.0\.0\.1:5000/,
    ],
    "upper-case": ["IMAGE=127.0.0.1:5000/Me/App:1", /which is no name with a tag/],
    "too-long": [`IMAGE=127.0.0.1:5000/${"a/".repeat(130)}b:1`, /has 276 characters, and 255 is the most/],
    "no-line": ["IMAGES=1", /has no line IMAGE=/],
  };
  beforeAll(async () => {
    const files = Object.entries(names).map(([id, [text]]) => [`${id}.env`, text]);
    const graded = await grade(
      [
        persist("ends", {}),
        persist("unusual", { file: "unusual.env" }),
        persist("must-stay", { run: { seconds: 2, staysUp: true } }),
        persist("must-end", { run: { seconds: 2 }, args: ["sleep", "600"] }),
        persist("wrong-status", { run: { seconds: 10 }, args: ["sh", "-c", "exit 4"] }),
        persist("stays", { run: { seconds: 2, staysUp: true }, args: ["sleep", "600"] }),
        ...Object.keys(names).map((id) => persist(id, { file: `${id}.env` })),
      ],
      { ...Object.fromEntries(files), "unusual.env": "IMAGE=localhost:5000/a__b/c--d.e:V1.0-rc_2" },
    );
    expect(graded.reason).toBeNull();
    checks = graded.checks;
  }, 300_000);

  test.each(["ends", "unusual", "stays"])("and then does what is asked (%s) passes", (id) => {
    expect(checks.get(id)?.message.happened).toMatch(/pulled again and ran as asked/);
    expect(checks.get(id)).toMatchObject({ verdict: "passed" });
  });

  test.each([
    ["must-stay", /exit status 0/],
    ["must-end", /still running after 2 s/],
    ["wrong-status", /exit status 4/],
  ])("and then does not (%s) fails by what it did", (id, happened) => {
    expect(checks.get(id)).toMatchObject({ verdict: "failed", fault: "student" });
    expect(checks.get(id)?.message.happened).toMatch(happened);
  });

  test.each(Object.entries(names))("by a bad name (%s) fails with file and rule", (id, [, happened]) => {
    expect(checks.get(id)).toMatchObject({ verdict: "failed", fault: "student" });
    expect(checks.get(id)?.message.happened).toMatch(happened);
    expect(checks.get(id)?.message.fix).toBe(`Write a line IMAGE=127.0.0.1:5000/name:1.0 into ${id}.env.`);
  });
});

describe("a registry that does not work is the platform's fault", () => {
  const breaking = (text: string): [object[], Files, Files] => [
    [
      {
        id: "break",
        kind: "shell/run",
        title: "break",
        points: 1,
        with: { where: "machine", script: "break.sh" },
      },
      persist("persist", {}),
    ],
    {},
    { "break.sh": `#!/bin/sh\n${text}\n` },
  ];
  test.each([
    ["cannot be started", "rm /etc/docker/registry/config.yml"],
    ["takes nothing", "rm -rf /var/lib/drydock/registry; ln -s /proc/none /var/lib/drydock/registry"],
  ])(
    "when it %s",
    async (_how, text) => {
      const graded = await grade(...breaking(text));
      expect(graded.checks.get("break")).toMatchObject({ verdict: "passed" });
      expect(graded.checks.get("persist")).toMatchObject({
        verdict: "not_graded",
        fault: "platform",
        points: 0,
      });
      expect(graded).toMatchObject({ state: "not_gradable", fault: "platform" });
    },
    180_000,
  );
});
