import { beforeAll, describe, expect, test } from "vitest";
import type { CheckOutcome } from "#grading/protocol/messages.ts";
import { type Files, openTestMachines, type TestMachines } from "./support/grade-files.ts";

/** Dockerfiles that no image may come of, by the name of what they try; each is the student's to mend. */
const refused: Record<string, { dockerfile: string; happened: RegExp; fix?: RegExp }> = {
  "upper-case": {
    dockerfile: "FROM Ubuntu:22.04",
    happened: /Line 1 builds FROM Ubuntu:22\.04, which cannot be one\. .*lower case/,
    fix: /^Write ubuntu:22\.04\.$/,
  },
  "no-tag": { dockerfile: "FROM python:", happened: /FROM python:, which cannot be one\. .*tag/ },
  "half-a-digest": { dockerfile: "FROM ubuntu@sha256:abc", happened: /cannot be one\. .*digest/ },
  "an-address": {
    dockerfile: "FROM ..%2f..%2finfo#",
    happened: /FROM \.\.%2f\.\.%2finfo#, which cannot be one/,
  },
  "a-query": { dockerfile: "FROM busybox?all=1", happened: /cannot be one/ },
  "upper-case-by-arg": { dockerfile: "ARG B=Ubuntu:22.04\nFROM $B", happened: /Ubuntu/ },
  "another-image-by-arg": {
    dockerfile: "ARG B=acme/other:1\nFROM $B",
    happened: /needs the image acme\/other:1.*which is not here/,
  },
  "drydocks-own": { dockerfile: "FROM drydock/node:latest", happened: /is not among them/ },
  "drydocks-own-by-arg": {
    dockerfile: "ARG B=drydock/node:latest\nFROM $B",
    happened: /drydock\/node:latest/,
  },
  "an-earlier-build": { dockerfile: "FROM drydock-build/frontend:latest", happened: /is not among them/ },
  "copy-from-another": {
    dockerfile: "FROM busybox:latest\nCOPY --from=drydock/node:latest /etc /x",
    happened: /needs the image drydock\/node:latest in line 2/,
  },
  "mount-from-another": {
    dockerfile: "FROM busybox:latest\nRUN --mount=type=bind,from=drydock/node:latest,target=/m ls /m",
    happened: /needs the image drydock\/node:latest/,
  },
  "syntax-slashes": {
    dockerfile: "// syntax=python:3.13-slim\nFROM busybox:latest",
    happened: /Line 1 asks for the syntax python/,
  },
  "syntax-earlier-build": {
    dockerfile: "// syntax=drydock-build/frontend:latest\nFROM busybox:latest",
    happened: /asks for the syntax drydock-build\/frontend/,
  },
  "syntax-json": {
    dockerfile: '{"syntax":"python:3.13-slim"}',
    happened: /JSON object that asks for the syntax/,
  },
  "syntax-after-mark": {
    dockerfile: "\uFEFF# syntax=python:3.13-slim\nFROM busybox:latest",
    happened: /Line 1 asks for the syntax/,
  },
  "syntax-after-shebang": {
    dockerfile: "#!/bin/sh\n# syntax=python:3.13-slim\nFROM busybox:latest",
    happened: /Line 2 asks for the syntax/,
  },
  insecure: { dockerfile: "FROM busybox:latest\nRUN --security=insecure id", happened: /line 2.*security/s },
  "host-network": {
    dockerfile: "FROM busybox:latest\nRUN --network=host wget -T 2 -O - http://127.0.0.1:5000/v2/",
    happened: /network\.host is not allowed/,
  },
  "required-ssh": {
    dockerfile: "FROM busybox:latest\nRUN --mount=type=ssh,required=true true",
    happened: /ssh/,
  },
  "required-secret": {
    dockerfile: "FROM busybox:latest\nRUN --mount=type=secret,id=x,required=true true",
    happened: /secret x: not found/,
  },
  "add-metadata": {
    dockerfile: "FROM busybox:latest\nADD http://169.254.169.254/latest/meta-data/ /x",
    happened: /wanted to download http:\/\/169\.254\.169\.254\/latest\/meta-data\//,
  },
  "add-loopback": {
    dockerfile: "FROM busybox:latest\nADD http://127.0.0.1:5000/v2/ /x",
    happened: /wanted to download http:\/\/127\.0\.0\.1:5000\/v2\//,
  },
  "add-git": {
    dockerfile: "FROM busybox:latest\nADD git://example.com/a.git /x",
    happened: /wanted to download git:\/\/example\.com\/a\.git/,
  },
  "workdir-a-file": { dockerfile: "FROM busybox:latest\nWORKDIR /bin/sh", happened: /not a directory/ },
  "too-many-layers": {
    dockerfile: `FROM busybox:latest\n${Array.from({ length: 130 }, (_, i) => `RUN echo ${i} > /f${i}`).join("\n")}`,
    happened: /max depth exceeded/,
  },
  "env-that-doubles": {
    dockerfile: `FROM busybox:latest\nENV A=${"x".repeat(16)}\n${"ENV A=$A$A\n".repeat(40)}`,
    happened: /At line \d+ they make more/,
  },
  "too-long-a-line": {
    dockerfile: `FROM busybox:latest\nENV A=${"x".repeat(200_000)}`,
    happened: /larger than 64 KiB/,
  },
};

const idle = "FROM busybox:latest\n";
const command = '\nCMD ["true"]';
/** What an image may hold or say, and how a container of it ends. */
const images: Record<string, { dockerfile: string; verdict: "passed" | "failed"; happened: RegExp }> = {
  "no-command": {
    dockerfile: "FROM scratch\nCOPY Dockerfile /",
    verdict: "failed",
    happened: /no command specified/,
  },
  "tmp-a-file": {
    dockerfile: `${idle}RUN rm -rf /tmp && touch /tmp${command}`,
    verdict: "failed",
    happened: /\/tmp/,
  },
  "tmp-a-loop": {
    dockerfile: `${idle}RUN rm -rf /tmp && ln -s /tmp /tmp${command}`,
    verdict: "failed",
    happened: /too many levels/,
  },
  "tmp-a-link": {
    dockerfile: `${idle}RUN rm -rf /tmp && ln -s /etc /tmp${command}`,
    verdict: "passed",
    happened: /exit status 0/,
  },
  "user-too-large": {
    dockerfile: `${idle}USER 99999999999${command}`,
    verdict: "failed",
    happened: /range 0-2147483647/,
  },
  "user-negative": {
    dockerfile: `${idle}USER -1${command}`,
    verdict: "failed",
    happened: /range 0-2147483647/,
  },
  "user-unknown": {
    dockerfile: `${idle}USER nobody-at-all${command}`,
    verdict: "failed",
    happened: /unable to find user/,
  },
  "volume-proc": { dockerfile: `${idle}VOLUME /proc${command}`, verdict: "failed", happened: /\/proc/ },
  "volume-root": { dockerfile: `${idle}VOLUME /${command}`, verdict: "failed", happened: /\w/ },
  "workdir-became-a-file": {
    dockerfile: `${idle}RUN touch /w\nFROM busybox:latest\nWORKDIR /w\nRUN rm -rf /w 2>/dev/null; true\nCOPY --from=0 /w /v\nENV X=1${command}`,
    verdict: "passed",
    happened: /exit status 0/,
  },
  "large-env": {
    dockerfile: `${idle}${largeLines("ENV")}${command}`,
    verdict: "passed",
    happened: /exit status 0/,
  },
  "more-env-than-exec-takes": {
    dockerfile: `${idle}ENV A=${"x".repeat(40_000)}\nENV A=$A$A$A$A${command}`,
    verdict: "failed",
    happened: /argument list too long/i,
  },
  "large-labels": {
    dockerfile: `${idle}${largeLines("LABEL", 6, 10_000)}${command}`,
    verdict: "passed",
    happened: /exit status 0/,
  },
  "all-layers": {
    dockerfile: `${idle}${Array.from({ length: 124 }, (_, i) => `COPY Dockerfile /f${i}`).join("\n")}${command}`,
    verdict: "passed",
    happened: /exit status 0/,
  },
};

/** A Dockerfile may have 64 KiB in all. */
function largeLines(instruction: string, lines = 3, letters = 20_000): string {
  return Array.from({ length: lines }, (_, i) => `${instruction} A${i}=${"x".repeat(letters)}`).join("\n");
}

/** Where Drydock mounts its own, as something else in the image. */
const inTheWay = ["submission", "check", ".drydock"].flatMap((folder): [string, string][] => {
  const name = folder.replace(".", "dot-");
  return [
    [`${name}-a-file`, `${idle}RUN touch /${folder}${command}`],
    [`${name}-a-loop`, `${idle}RUN ln -s /${folder} /${folder}${command}`],
  ];
});

let machines: TestMachines;
let checks: Map<string, CheckOutcome>;
let fault: { state: string; reason: string | null };

const build = (name: string) => ({
  id: `${name}-build`,
  kind: "docker/build",
  title: name,
  points: 1,
  timeoutSeconds: 120,
  with: { context: `${name}/` },
});

beforeAll(async () => {
  machines = await openTestMachines();
  const submission: Files = {
    // Its entry point answers as a frontend would not: with what it found of where it runs.
    "frontend/Dockerfile": 'FROM busybox:latest\nENTRYPOINT ["sh", "-c", "exit 114"]',
    "limits.env": "MEMORY=64m\nCPUS=0.5\n",
    "well/Dockerfile": `${idle}CMD ["echo", "well"]`,
  };
  const dockerfiles = [
    ...Object.entries(refused).map(([name, { dockerfile }]) => [name, dockerfile] as const),
    ...Object.entries(images).map(([name, { dockerfile }]) => [name, dockerfile] as const),
    ...inTheWay,
  ];
  for (const [name, dockerfile] of dockerfiles) submission[`${name}/Dockerfile`] = dockerfile;
  const run = (name: string) => ({
    id: name,
    kind: "docker/run",
    title: name,
    points: 1,
    needs: [`${name}-build`],
    with: { build: `${name}-build`, seconds: 10 },
  });
  const graded = await machines.grade(
    {
      slug: "hostile-images",
      title: "Hostile images",
      timeoutSeconds: 1800,
      checks: [
        build("frontend"),
        ...Object.keys(refused).map(build),
        ...Object.keys(images).flatMap((name) => [build(name), run(name)]),
        ...inTheWay.flatMap(([name]) => [
          build(name),
          {
            id: `${name}-script`,
            kind: "shell/run",
            title: name,
            points: 1,
            with: { build: `${name}-build`, script: "look.sh", seconds: 10 },
          },
          {
            id: `${name}-limits`,
            kind: "docker/limits",
            title: name,
            points: 1,
            with: { build: `${name}-build`, memory: { minMiB: 16, maxMiB: 128 } },
          },
        ]),
        build("well"),
        run("well"),
      ],
    },
    { "look.sh": "ls /submission > /dev/null" },
    submission,
  );
  fault = graded;
  checks = new Map(graded.checks.map((check) => [check.id, check]));
}, 900_000);

test("none of them is the platform's fault: the run is graded to its end", () => {
  expect(fault).toMatchObject({ state: "graded", reason: null });
  expect(
    [...checks.values()].filter(({ fault: whose }) => whose === "platform" || whose === "exercise"),
  ).toEqual([]);
  expect(checks.get("well")).toMatchObject({ verdict: "passed" });
});

describe("a Dockerfile", () => {
  for (const [name, { happened, fix }] of Object.entries(refused))
    test(`with “${name}” makes no image, and says why`, () => {
      const check = checks.get(`${name}-build`);
      expect(check).toMatchObject({ verdict: "failed", fault: "student", points: 0 });
      expect(check?.message.happened).toMatch(happened);
      if (fix) expect(check?.message.fix).toMatch(fix);
    });
});

describe("an image", () => {
  for (const [name, { verdict, happened }] of Object.entries(images))
    test(`with “${name}” has a container that ${verdict === "passed" ? "runs" : "cannot run, by its own fault"}`, () => {
      expect(checks.get(`${name}-build`)).toMatchObject({ verdict: "passed" });
      expect(checks.get(name)).toMatchObject({ verdict });
      expect(checks.get(name)?.message.happened).toMatch(happened);
      expect(checks.get(name)?.message.happened).not.toContain("/var/lib/docker");
    });

  for (const [name] of inTheWay)
    test(`with “${name}” is judged by a script and by its limits all the same`, () => {
      for (const id of [`${name}-script`, `${name}-limits`])
        expect(checks.get(id)).toMatchObject({
          fault: checks.get(id)?.verdict === "passed" ? null : "student",
        });
    });
});
