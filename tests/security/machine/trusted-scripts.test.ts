import { beforeAll, describe, expect, test } from "vitest";
import type { CheckOutcome } from "#grading/protocol/messages.ts";
import { openTestMachines } from "./support/grade-files.ts";

const scripts: Record<string, string> = {
  full: `#!/bin/sh
printf '{"share":1,"expected":"The image says hello.","happened":"It said: %s"}' "$(docker run $DRYDOCK_SANDBOX $DRYDOCK_IMAGE)" > "$DRYDOCK_RESULT"
`,
  half: `echo '{"share":0.5,"expected":"Two parts.","happened":"One of them holds.","fix":"Add the other."}' > "$DRYDOCK_RESULT"
`,
  nothing: "#!/bin/sh\nexit 3\n",
  "no-json": `#!/bin/sh\necho '{"share": 1, "expected"' > "$DRYDOCK_RESULT"\n`,
  "too-much": `#!/bin/sh\necho '{"share":2,"expected":"a","happened":"b"}' > "$DRYDOCK_RESULT"\n`,
  endless: "#!/bin/sh\nsleep 600\n",
};

const script = (id: string, more: object) => ({
  id,
  kind: "shell/run",
  title: id,
  points: 8,
  with: { where: "machine", script: `${id}.sh`, seconds: 4, ...more },
});

let checks: Map<string, CheckOutcome>;
beforeAll(async () => {
  const machines = await openTestMachines();
  const graded = await machines.grade(
    {
      slug: "trusted-scripts",
      title: "Trusted scripts",
      timeoutSeconds: 600,
      checks: [
        { id: "build", kind: "docker/build", title: "build", points: 1 },
        ...Object.keys(scripts).map((id) => script(id, { result: true, seconds: id === "full" ? 20 : 4 })),
        script("deaf", { expected: "The service answers.", fix: "Let it answer." }),
        script("left", { seconds: 10, output: { equals: "0" } }),
      ],
    },
    {
      ...Object.fromEntries(Object.entries(scripts).map(([id, text]) => [`${id}.sh`, text])),
      "deaf.sh": "#!/bin/sh\necho waiting\ndocker run $DRYDOCK_SANDBOX $DRYDOCK_IMAGE sleep 600\n",
      "left.sh": "#!/bin/sh\ndocker ps --quiet | wc -l\n",
    },
    { Dockerfile: 'FROM busybox:latest\nCMD ["echo", "hello"]' },
  );
  checks = new Map(graded.checks.map((check) => [check.id, check]));
}, 300_000);

describe("a hidden script in the machine", () => {
  test("says by its result that all points are due, and what the student reads", () => {
    expect(checks.get("full")).toMatchObject({
      verdict: "passed",
      points: 8,
      message: { expected: "The image says hello.", happened: "It said: hello", fix: "" },
    });
  });

  test("says by its result that a share of them is due", () => {
    expect(checks.get("half")).toMatchObject({
      verdict: "failed",
      fault: "student",
      points: 4,
      message: { happened: "One of them holds.", fix: "Add the other." },
    });
  });

  test.each(["nothing", "no-json", "too-much"])(
    "whose result is “%s” is the exercise's fault and never the student's",
    (id) => {
      expect(checks.get(id)).toMatchObject({ verdict: "not_graded", fault: "exercise" });
      expect(checks.get(id)?.message.happened).toMatch(/exit status [03] and left no result/);
      expect(checks.get(id)?.staffOutput).toContain("no usable result");
    },
  );

  test("that never ends is ended at its time, and its missing result is the exercise's fault", () => {
    expect(checks.get("endless")).toMatchObject({ verdict: "not_graded", fault: "exercise" });
    expect(checks.get("endless")?.message.happened).toMatch(/still running after 4 s/);
  });

  test("that waits for a program of the student's without end tells the student so", () => {
    expect(checks.get("deaf")).toMatchObject({
      verdict: "failed",
      fault: "student",
      message: { expected: "The service answers.", fix: "Let it answer." },
    });
    expect(checks.get("deaf")?.message.happened).toMatch(/still running after 4 s and was ended\..*waiting/s);
  });

  test("leaves no container behind for the checks after it", () => {
    expect(checks.get("left")?.message.happened).toMatch(/exit status 0/);
    expect(checks.get("left")).toMatchObject({ verdict: "passed" });
  });
});
