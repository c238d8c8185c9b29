import { z } from "zod";
import { defineKind } from "../../kit/define-kind.ts";
import { partialCredit, portNumber, relativePath } from "../../kit/settings/settings.ts";

export const lintRuleNames = [
  "from-pinned",
  "user-set",
  "no-add-url",
  "copy-not-add",
  "expose",
  "cmd-set",
  "exec-form",
  "one-cmd",
  "healthcheck",
  "workdir-absolute",
  "workdir-set",
  "no-sudo",
  "no-secret-env",
  "no-maintainer",
  "apt-clean",
  "no-copy-all-first",
] as const;

export type LintRuleName = (typeof lintRuleNames)[number];

const settings = z.strictObject({
  dockerfile: relativePath
    .default("Dockerfile")
    .describe("The Dockerfile, relative to the submission's root."),
  rules: z
    .array(z.enum(lintRuleNames))
    .min(1)
    .describe(
      "Rules that must hold. from-pinned: every FROM names a tag or digest other than latest. user-set: the last stage sets USER to one that is not root. no-add-url: no ADD of a URL. copy-not-add: ADD only for archives. expose: the last stage has EXPOSE (of the stated ports, if any). cmd-set: there is CMD or ENTRYPOINT. exec-form: CMD and ENTRYPOINT are written as JSON arrays. one-cmd: one CMD and one ENTRYPOINT a stage at most. healthcheck: there is a HEALTHCHECK. workdir-absolute: WORKDIR paths start with /. workdir-set: the last stage sets WORKDIR. no-sudo: no RUN uses sudo. no-secret-env: no ENV or ARG gives a value to a name such as PASSWORD or TOKEN. no-maintainer: no MAINTAINER. apt-clean: apt-get install runs with -y and removes its lists in the same RUN. no-copy-all-first: dependencies are installed before COPY of the whole folder.",
    ),
  ports: z
    .array(portNumber)
    .default([])
    .describe("Ports that the rule expose asks for; any will do when left out."),
  partial: partialCredit,
});

export const dockerLint = defineKind({
  kind: "docker/lint",
  summary: "Rules on the parsed Dockerfile, before anything is built.",
  settings,
  defaultTimeoutSeconds: 10,
});
