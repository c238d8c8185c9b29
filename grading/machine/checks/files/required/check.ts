import type { z } from "zod";
import { judgeParts, type Part } from "../../kit/credit/share-credit.ts";
import { defineCheck } from "../../kit/define-check.ts";
import { listHandedIn, readStudentText, statStudentFile } from "../../kit/files/student-file.ts";
import { matchInWords, textMatches } from "../../kit/words/match-text.ts";
import { quoteOutput } from "../../kit/words/quote-output.ts";
import { type fileRule, filesRequired } from "./settings.ts";

export const requiredFiles = defineCheck(filesRequired, async (context, settings) => {
  const parts: Part[] = [];
  for (const rule of settings.files) parts.push(await judgeFile(context.submissionDir, rule));
  for (const path of settings.forbidden) parts.push(await judgeForbidden(context.submissionDir, path));
  return judgeParts(parts, settings.partial, context.maxPoints, "Everything that is asked for is there.");
});

async function judgeFile(dir: string, rule: z.output<typeof fileRule>): Promise<Part> {
  const isFolder = rule.path.endsWith("/");
  const expected = `${isFolder ? "The folder" : "The file"} ${rule.path} is handed in`;
  const problem = (happened: string, fix: string): Part => ({ expected, problem: { happened, fix } });
  const found = await statStudentFile(dir, rule.path.replace(/\/$/, ""));
  if (found === null || found.kind !== (isFolder ? "folder" : "file"))
    return problem(
      `${rule.path} was not handed in; the submission's root has ${await listHandedIn(dir)}.`,
      `Add ${rule.path} and submit again.`,
    );
  if (isFolder) return { expected, problem: null };
  if (rule.notEmpty && found.bytes === 0)
    return problem(`${rule.path} is empty.`, `Write ${rule.path} and submit again.`);
  if (rule.maxBytes !== undefined && found.bytes > rule.maxBytes)
    return problem(
      `${rule.path} has ${found.bytes} bytes, more than the ${rule.maxBytes} allowed.`,
      `Make ${rule.path} smaller.`,
    );
  if (rule.executable && !found.executable)
    return problem(`${rule.path} is not executable.`, `Run chmod +x ${rule.path} before you pack it.`);
  return (await judgeText(dir, rule, problem)) ?? { expected, problem: null };
}

async function judgeText(
  dir: string,
  rule: z.output<typeof fileRule>,
  problem: (happened: string, fix: string) => Part,
): Promise<Part | null> {
  if (!rule.firstLine && !rule.text) return null;
  const read = await readStudentText(dir, rule.path, maxTextBytes);
  if (read.outcome !== "ok")
    return problem(`${rule.path} is larger than 1 MiB and was not read.`, `Make ${rule.path} smaller.`);
  const firstLine = read.text.split(/\r?\n/, 1)[0] ?? "";
  if (rule.firstLine && !textMatches(rule.firstLine, firstLine))
    return problem(
      `The first line of ${rule.path} is ${quoteOutput(firstLine)}.`,
      `Make the first line of ${rule.path} ${matchInWords(rule.firstLine)}.`,
    );
  if (rule.text && !textMatches(rule.text, read.text))
    return problem(
      `${rule.path} does not hold what it must.`,
      `${rule.path} must hold ${matchInWords(rule.text)}.`,
    );
  return null;
}

async function judgeForbidden(dir: string, path: string): Promise<Part> {
  const found = await statStudentFile(dir, path.replace(/\/$/, ""));
  return {
    expected: `${path} is not handed in`,
    problem: found && { happened: `${path} was handed in.`, fix: `Leave ${path} out and submit again.` },
  };
}

const maxTextBytes = 1024 * 1024;
