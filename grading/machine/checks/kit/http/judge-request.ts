import { exitInWords, fixForExit, fixForRefusals, refusalsInWords } from "../container/exit-in-words.ts";
import type { RunningContainer } from "../container/start-container.ts";
import type { Part } from "../credit/share-credit.ts";
import type { CheckContext } from "../define-check.ts";
import type { HttpRequest } from "../settings/http-request.ts";
import type { SandboxSettings } from "../settings/settings.ts";
import type { RequestNotes } from "../shown/request-notes.ts";
import { findJsonProblem } from "../words/match-json.ts";
import { matchInWords, textMatches } from "../words/match-text.ts";
import { lastLineInWords, quoteOutput } from "../words/quote-output.ts";
import { askHttp, type HttpAnswer } from "./ask-http.ts";

/** What is judged is the whole answer. */
const wholeBody = { bytes: 1024 * 1024, refuse: "the answer is longer than 1 MiB" };

/** Sends one request to the container and says whether its answer is as asked. */
export async function judgeRequest(
  context: CheckContext,
  running: RunningContainer,
  address: string,
  { port, sandbox }: { port: number; sandbox: SandboxSettings },
  request: HttpRequest,
  tried: RequestNotes,
): Promise<Part> {
  const name = `${request.method} ${request.path}`;
  const expected = expectedOf(name, request);
  context.log(`${name} to port ${port}`);
  let answer: HttpAnswer;
  try {
    answer = await sendHttp(context.signal, address, port, request);
  } catch (error) {
    context.signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    tried.note(name, `no whole answer: ${reason}`);
    return { expected, problem: await explainSilence(running, name, reason, sandbox) };
  }
  tried.note(name, `status ${answer.status}, ${answer.body.length} characters`);
  context.log(`answer ${answer.status}, ${answer.body.length} characters`);
  return { expected, problem: judgeAnswer(name, request, answer) };
}

/** Why there was no answer: how the container ended, or what the system refused it while it runs on. */
async function explainSilence(
  running: RunningContainer,
  name: string,
  reason: string,
  sandbox: SandboxSettings,
): Promise<NonNullable<Part["problem"]>> {
  const fix =
    "Send the same request with curl to your own container and read what the server writes meanwhile.";
  // A connection breaks a moment before the engine knows of the end.
  const exit = await running.endsWithin(1);
  if (exit)
    return {
      happened: `${name} got no whole answer: the container ended. ${exitInWords(exit, 0, sandbox)} ${lastLineInWords(exit.output)}`,
      fix: fixForExit(exit, sandbox) ?? fix,
    };
  const refused = await running.refusals();
  const told = refusalsInWords(refused, sandbox);
  return {
    happened: `${name} got no whole answer: ${reason}${told === null ? "" : `, and ${told}`}. ${lastLineInWords(running.output())}`,
    fix: fixForRefusals(refused, sandbox) ?? fix,
  };
}

/** What a request must be answered with, as a sentence without its full stop. */
export function expectedOf(name: string, request: HttpRequest): string {
  const wants = [`status ${[request.status].flat().join(" or ")}`];
  if (request.text) wants.push(`a body with ${matchInWords(request.text)}`);
  if (request.json)
    wants.push(
      `JSON with ${Object.keys(request.json)
        .map((path) => path || "the value")
        .join(", ")} as stated`,
    );
  for (const [header, match] of Object.entries(request.header ?? {}))
    wants.push(`the header ${header} as ${matchInWords(match)}`);
  return `${request.title ? `${request.title}: ` : ""}${name} is answered with ${wants.join(", ")}`;
}

/** What is wrong with an answer; null when it is as asked. */
export function judgeAnswer(name: string, request: HttpRequest, answer: HttpAnswer): Part["problem"] {
  const allowed = [request.status].flat();
  const body = `The body was ${quoteOutput(answer.body)}.`;
  if (!allowed.includes(answer.status))
    return {
      happened: `${name} was answered with status ${answer.status}. ${body}`,
      fix: `Make the server answer ${name} with status ${allowed.join(" or ")}.`,
    };
  if (request.text && !textMatches(request.text, answer.body))
    return {
      happened: `${name}: ${body}`,
      fix: `Make the server answer ${name} with ${matchInWords(request.text)}.`,
    };
  const json = request.json && findJsonProblem(request.json, answer.body);
  if (json)
    return {
      happened: `${name}: ${json} ${body}`,
      fix: `Make the server answer ${name} with JSON as asked.`,
    };
  for (const [header, match] of Object.entries(request.header ?? {})) {
    const value = [answer.headers[header.toLowerCase()] ?? []].flat().join(", ");
    if (!textMatches(match, value))
      return {
        happened: `${name}: the header ${header} was ${quoteOutput(value)}.`,
        fix: `Make the server send the header ${header} with ${matchInWords(match)}.`,
      };
  }
  return null;
}

/** Sends one request; rejects with why there was no whole answer. */
export async function sendHttp(
  signal: AbortSignal,
  host: string,
  port: number,
  { method, path, headers, body, seconds }: HttpRequest,
): Promise<HttpAnswer> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000)]);
  try {
    return await askHttp({ host, port, method, path, headers, body }, wholeBody, limit);
  } catch (error) {
    if (limit.aborted && !signal.aborted) throw new Error(`no answer within ${seconds} s`, { cause: error });
    throw error;
  }
}
