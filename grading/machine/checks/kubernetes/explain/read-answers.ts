import { isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLMap } from "yaml";
import { isYamlTooDeep, maxYamlDepth } from "../../../../exercises/yaml/yaml-depth.ts";
import type { CheckMessage } from "../../../../protocol/messages.ts";
import { listHandedIn, readStudentText } from "../../kit/files/student-file.ts";
import { quoteOutput } from "../../kit/words/quote-output.ts";

/** A student's answers by question; a list where they wrote one. All text, exactly as written. */
export type Answers = ReadonlyMap<string, string | string[]>;
export type AnswersRead = { outcome: "ok"; answers: Answers } | { outcome: "refused"; message: CheckMessage };

const maxBytes = 64 * 1024;

/** The student's file of answers: YAML with one key a question, or plain lines `question: answer`. */
export async function readAnswers(submissionDir: string, file: string): Promise<AnswersRead> {
  const read = await readStudentText(submissionDir, file, maxBytes);
  if (read.outcome === "missing")
    return refused(
      file,
      `There is no file ${file}; the submission's root has ${await listHandedIn(submissionDir)}.`,
      `Hand in ${file} with one line for each question, such as “owner: your answer”.`,
    );
  if (read.outcome === "too-large")
    return refused(file, `${file} is larger than 64 KiB.`, "Write only the answers into it.");
  const parsed = parseAnswers(read.text);
  if (parsed.outcome === "ok") return parsed;
  return refused(
    file,
    `Line ${parsed.line} of ${file}: ${parsed.problem}.`,
    "Write one line for each question: its name, a colon, a space, the answer.",
  );
}

export type AnswersParsed =
  | { outcome: "ok"; answers: Answers }
  /** problem: a sentence without its full stop. */
  | { outcome: "invalid"; line: number; problem: string };

/** Answers such as the scheduler's words hold colons and braces, so what is no YAML is read line by line. */
export function parseAnswers(text: string): AnswersParsed {
  if (isYamlTooDeep(text)) {
    const plain = parseLines(text);
    if (plain.outcome === "ok") return plain;
    const problem = `more than ${maxYamlDepth} maps and lists stand one in another`;
    return { outcome: "invalid", line: 1, problem };
  }
  const lines = new LineCounter();
  // The failsafe schema leaves every answer as the student wrote it: 10.0, yes and null stay text.
  const document = parseDocument(text, { schema: "failsafe", lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error) {
    const plain = parseLines(text);
    // The student meant YAML when no line reading makes sense either.
    return plain.outcome === "ok" || error.code === "DUPLICATE_KEY"
      ? plain
      : {
          outcome: "invalid",
          line: lines.linePos(error.pos[0]).line,
          problem: error.message.replace(/\.$/, ""),
        };
  }
  if (document.contents === null) return { outcome: "ok", answers: new Map() };
  if (!isMap(document.contents))
    return { outcome: "invalid", line: 1, problem: "it holds no lines “question: answer”" };
  return readMap(document.contents, (offset) => lines.linePos(offset).line);
}

function readMap(map: YAMLMap, lineAt: (offset: number) => number): AnswersParsed {
  const answers = new Map<string, string | string[]>();
  for (const { key, value } of map.items) {
    if (!isScalar(key)) return { outcome: "invalid", line: 1, problem: "a question's name is one word" };
    const name = String(key.value);
    const line = lineAt(key.range?.[0] ?? 0);
    if (value === null) answers.set(name, "");
    else if (isScalar(value)) answers.set(name, String(value.value));
    else if (isSeq(value) && value.items.every((item) => isScalar(item)))
      answers.set(
        name,
        value.items.map((item) => String(item.value)),
      );
    else
      return {
        outcome: "invalid",
        line,
        problem: `the answer to ${quoteOutput(name)} is neither text nor a list of texts`,
      };
  }
  return { outcome: "ok", answers };
}

function parseLines(text: string): AnswersParsed {
  const answers = new Map<string, string>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#.*)?$/.test(line) || line.trim() === "---") continue;
    const [, name] = /^([A-Za-z0-9_.-]+)\s*[:=]/.exec(line.trim()) ?? [];
    if (name === undefined)
      return {
        outcome: "invalid",
        line: index + 1,
        problem: `${quoteOutput(line)} is no line “question: answer”`,
      };
    if (answers.has(name))
      return {
        outcome: "invalid",
        line: index + 1,
        problem: `${quoteOutput(name)} is answered a second time`,
      };
    answers.set(name, withoutQuotes(line.slice(line.search(/[:=]/) + 1).trim()));
  }
  return { outcome: "ok", answers };
}

function withoutQuotes(answer: string): string {
  const [quote] = answer;
  const quoted = answer.length > 1 && (quote === '"' || quote === "'") && answer.endsWith(quote);
  return quoted ? answer.slice(1, -1) : answer;
}

const refused = (file: string, happened: string, fix: string): AnswersRead => ({
  outcome: "refused",
  message: { expected: `${file} answers the questions.`, happened, fix },
});
