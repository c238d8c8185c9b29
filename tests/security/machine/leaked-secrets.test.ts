import { beforeAll, expect, test } from "vitest";
import type { CheckOutcome } from "#grading/protocol/messages.ts";
import { type Files, openTestMachines } from "./support/grade-files.ts";

// Put together here so that no scanner takes this file for a leak.
const privateKey = `${["-----BEGIN", "OPENSSH PRIVATE KEY-----"].join(" ")}
b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZWQ
${["-----END", "OPENSSH PRIVATE KEY-----"].join(" ")}
`;
const awsKey = `AKIA${"Q3XYZ7ABCD2EFGH4"}`;

interface Leak {
  dockerfile: string;
  files?: Files;
  happened: RegExp;
}

const leaks: Record<string, Leak> = {
  "a private key that a later layer deletes": {
    dockerfile:
      "FROM busybox:latest\nRUN mkdir -p /root/.ssh\nCOPY id_ed25519 /root/.ssh/id_ed25519\nRUN rm /root/.ssh/id_ed25519",
    files: { id_ed25519: privateKey },
    happened: /\/root\/\.ssh\/id_ed25519 in layer 2 of the 3 that the Dockerfile adds holds a private key/,
  },
  "a key made by a RUN step and deleted in the next": {
    dockerfile: `FROM debian:trixie-slim\nRUN printf '%s\\n' '${awsKey}' > /opt/key.txt\nRUN rm /opt/key.txt`,
    happened: /\/opt\/key\.txt in layer 1 of the 2 that the Dockerfile adds holds an AWS access key/,
  },
  "an AWS key in a file": {
    dockerfile: "FROM scratch\nCOPY aws.ini /home/me/.aws/credentials",
    files: { "aws.ini": `[default]\naws_access_key_id = ${awsKey}\n` },
    happened: /\/home\/me\/\.aws\/credentials in layer 1 of the 1 .* holds an AWS access key/,
  },
  "an .env file": {
    dockerfile: "FROM python:3.13-slim\nWORKDIR /srv\nCOPY . .",
    files: { ".env": "DB=1\n" },
    happened: /\/srv\/\.env in layer 2 of the 2 .* is a file of secrets by its name/,
  },
  "a token in ENV": {
    dockerfile: "FROM busybox:latest\nENV GITHUB_TOKEN=hunter2hunter2",
    happened: /the environment variable GITHUB_TOKEN holds a password or token/,
  },
  "a key in LABEL": {
    dockerfile: `FROM busybox:latest\nLABEL deploy.key="${awsKey}"`,
    happened: /the label deploy\.key holds an AWS access key/,
  },
  "a password in ARG": {
    dockerfile: "FROM busybox:latest\nARG DB_PASSWORD=hunter2hunter2\nRUN true",
    happened: /the image's history holds a password or token \(ARG DB_PASSWORD …\)/,
  },
  "a password on a command line": {
    dockerfile: "FROM busybox:latest\nRUN DB_PASSWORD=hunter2hunter2 true",
    happened: /the image's history holds a password or token \(RUN …\)/,
  },
  "what the exercise calls a secret": {
    dockerfile: "FROM busybox:latest\nRUN echo starter-passphrase > /etc/motd",
    happened: /\/etc\/motd in layer 1 of the 1 .* holds the starter's passphrase/,
  },
};

const bases = ["busybox:latest", "debian:trixie-slim", "python:3.13-slim", "node:20-slim", "nginx:latest"];

let checks: Map<string, CheckOutcome>;
beforeAll(async () => {
  const machines = await openTestMachines();
  const submission: Files = {};
  const build = (name: string) => ({
    id: `build-${name}`,
    kind: "docker/build",
    title: name,
    points: 1,
    with: { context: `${name}/` },
  });
  const search = (name: string) => ({
    id: name,
    kind: "docker/image",
    title: name,
    points: 1,
    with: {
      build: `build-${name}`,
      noSecrets: true,
      secretPatterns: [{ name: "the starter's passphrase", regex: "starter-passphrase" }],
    },
  });
  const names = [...Object.keys(leaks).map((_, i) => `leak-${i}`), ...bases.map((_, i) => `base-${i}`)];
  for (const [i, { dockerfile, files }] of Object.values(leaks).entries()) {
    submission[`leak-${i}/Dockerfile`] = dockerfile;
    for (const [file, text] of Object.entries(files ?? {})) submission[`leak-${i}/${file}`] = text;
  }
  for (const [i, base] of bases.entries()) {
    // A key is read, an example is shown and a template is handed in: none of them is a secret.
    submission[`base-${i}/Dockerfile`] =
      `FROM ${base}\nENV TOKENIZERS_PARALLELISM=false\nWORKDIR /srv\nCOPY . .\nCMD ["true"]`;
    submission[`base-${i}/.env.example`] = "DB_PASSWORD=\n";
    submission[`base-${i}/load.py`] =
      `if text.startswith("${["-----BEGIN", "PRIVATE KEY-----"].join(" ")}"):\n`;
  }
  const graded = await machines.grade(
    {
      slug: "leaked-secrets",
      title: "Leaked secrets",
      timeoutSeconds: 900,
      checks: names.flatMap((name) => [build(name), search(name)]),
    },
    { "unused.txt": "" },
    submission,
  );
  expect(graded.reason).toBeNull();
  checks = new Map(graded.checks.map((check) => [check.id, check]));
}, 600_000);

for (const [i, [name, { happened }]] of Object.entries(leaks).entries())
  test(`an image with ${name} fails, and is told where it is but not what`, () => {
    const check = checks.get(`leak-${i}`);
    expect(checks.get(`build-leak-${i}`)?.message.happened).toMatch(/was built/);
    expect(check).toMatchObject({ verdict: "failed", fault: "student" });
    expect(check?.message.happened).toMatch(happened);
    for (const secret of [awsKey, "hunter2", "b3BlbnNzaC1rZXk"])
      expect(JSON.stringify(check)).not.toContain(secret);
  });

for (const [i, base] of bases.entries())
  test(`no file of ${base} itself is taken for a secret of the student's`, () => {
    expect(checks.get(`base-${i}`)?.message.happened).toBe("The image is as asked.");
  });
