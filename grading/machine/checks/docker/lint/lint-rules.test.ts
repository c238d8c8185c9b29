import { DockerfileParser } from "dockerfile-ast";
import { expect, test } from "vitest";
import { lintRules } from "./lint-rules.ts";
import { lintRuleNames } from "./settings.ts";

const find = (rule: (typeof lintRuleNames)[number], text: string, ports: number[] = []) =>
  lintRules[rule].find(DockerfileParser.parse(text), ports);

const good = `FROM python:3.13-slim AS build
RUN apt-get update && apt-get install -y gcc && rm -rf /var/lib/apt/lists/*
FROM build
WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY . .
ENV MODE=production TOKEN_FILE=$FILE
USER 10001:10001
EXPOSE 8080/tcp
HEALTHCHECK CMD ["true"]
CMD ["python3", "server.py"]
`;

test("a Dockerfile that does everything right breaks no rule", () => {
  expect(lintRuleNames.map((rule) => [rule, find(rule, good, [8080])])).toEqual(
    lintRuleNames.map((rule) => [rule, null]),
  );
});

const bad: [(typeof lintRuleNames)[number], string, RegExp][] = [
  ["from-pinned", "FROM debian", /^line 1: FROM debian has no tag$/],
  ["from-pinned", "FROM debian:latest", /tag latest/],
  ["user-set", "FROM a:1", /runs as root/],
  ["user-set", "FROM a:1\nUSER app\nUSER root", /^line 3: USER root is root$/],
  ["user-set", "FROM a:1\nUSER 0:5", /root/],
  ["user-set", "FROM a:1\nUSER app\nFROM b:1", /runs as root/],
  ["no-add-url", "FROM a:1\nADD https://x.y/z /z", /^line 2: ADD downloads https:\/\/x\.y\/z$/],
  ["copy-not-add", "FROM a:1\nADD src /src", /ADD src \/src copies/],
  ["expose", "FROM a:1\nEXPOSE 80", /EXPOSE names 80 but not 8080/],
  ["cmd-set", "FROM a:1", /neither CMD nor ENTRYPOINT/],
  ["exec-form", "FROM a:1\nCMD python3 app.py", /^line 2: CMD is in shell form$/],
  ["one-cmd", 'FROM a:1\nCMD ["a"]\nCMD ["b"]', /CMD is there 2 times/],
  ["healthcheck", "FROM a:1", /no HEALTHCHECK/],
  ["workdir-absolute", "FROM a:1\nWORKDIR app", /WORKDIR app is relative/],
  ["workdir-set", "FROM a:1", /no WORKDIR/],
  ["no-sudo", "FROM a:1\nRUN sudo make", /uses sudo/],
  ["no-secret-env", "FROM a:1\nENV DB_PASSWORD=hunter2", /ENV gives DB_PASSWORD a value/],
  ["no-maintainer", "FROM a:1\nMAINTAINER me", /MAINTAINER is used/],
  ["apt-clean", "FROM a:1\nRUN apt-get install -y gcc", /apt's lists stay/],
  ["apt-clean", "FROM a:1\nRUN apt-get install gcc && rm -rf /var/lib/apt/lists/*", /wait for an answer/],
  ["no-copy-all-first", "FROM a:1\nCOPY . .\nRUN npm ci", /^line 2: COPY of everything/],
];
for (const [rule, text, message] of bad)
  test(`${rule}: ${JSON.stringify(text)} is found`, () => expect(find(rule, text, [8080])).toMatch(message));
