import { DockerfileParser } from "dockerfile-ast";
import { judgeParts } from "../../kit/credit/share-credit.ts";
import { defineCheck } from "../../kit/define-check.ts";
import { listHandedIn, readStudentText } from "../../kit/files/student-file.ts";
import { dockerfileUnread, maxDockerfileBytes } from "../kit/dockerfile-unread.ts";
import { lintRules } from "./lint-rules.ts";
import { dockerLint } from "./settings.ts";

export const lintDockerfile = defineCheck(dockerLint, async (context, settings) => {
  const read = await readStudentText(context.submissionDir, settings.dockerfile, maxDockerfileBytes);
  if (read.outcome !== "ok")
    return dockerfileUnread(settings.dockerfile, read.outcome, await listHandedIn(context.submissionDir));
  const dockerfile = DockerfileParser.parse(read.text);
  if (dockerfile.getFROMs().length === 0)
    return {
      verdict: "failed",
      message: {
        expected: `${settings.dockerfile} has a FROM instruction.`,
        happened: "It has none, so it is no Dockerfile yet.",
        fix: "Begin it with FROM and a base image, such as FROM python:3.13-slim.",
      },
    };
  const parts = settings.rules.map((name) => {
    const rule = lintRules[name];
    const found = rule.find(dockerfile, settings.ports);
    return {
      expected: rule.expected,
      problem: found === null ? null : { happened: `${settings.dockerfile}: ${found}.`, fix: rule.fix },
    };
  });
  return judgeParts(parts, settings.partial, context.maxPoints, `${settings.dockerfile} follows every rule.`);
});
