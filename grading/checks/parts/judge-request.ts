import http from "node:http";
import type { CheckContext } from "../define-check.ts";
import { exitInWords, fixForExit, fixForRefusals, refusalsInWords } from "./exit-in-words.ts";
import type { HttpRequest } from "./http-request.ts";
import { findJsonProblem } from "./match-json.ts";
import { matchInWords, textMatches } from "./match-text.ts";
import { outputInWords, quoteOutput } from "./quote-output.ts";
import type { SandboxSettings } from "./settings.ts";
import type { Part } from "./share-credit.ts";
import type { RunningContainer } from "./start-container.ts";

const maxBodyBytes = 1024 * 1024;

interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** Sends one request to the container and says whether its answer is as asked. */
export async function judgeRequest(
  context: CheckContext,
  running: RunningContainer,
  address: string,
  { port, sandbox }: { port: number; sandbox: SandboxSettings },
  request: HttpRequest,
): Promise<Part> {
  const name = `${request.method} ${request.path}`;
  const expected = expectedOf(name, request);
  context.log(`${name} to port ${port}`);
  let answer: Answer;
  try {
    answer = await sendHttp(context.signal, address, port, request);
  } catch (error) {
    context.signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    return { expected, problem: await explainSilence(running, name, reason, sandbox) };
  }
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
      happened: `${name} got no whole answer: the container ended. ${exitInWords(exit, 0, sandbox)} ${outputInWords(exit.output)}`,
      fix: fixForExit(exit, sandbox) ?? fix,
    };
  const refused = await running.refusals();
  const told = refusalsInWords(refused, sandbox);
  return {
    happened: `${name} got no whole answer: ${reason}${told === null ? "" : `, and ${told}`}. ${outputInWords(running.output())}`,
    fix: fixForRefusals(refused, sandbox) ?? fix,
  };
}

/** What a request must be answered with, as a sentence without its full stop. */
export function expectedOf(name: string, request: HttpRequest): string {
  const wants = [`status ${[request.status].flat().join(" or ")}`];
  if (request.text) wants.push(`a body that is ${matchInWords(request.text)}`);
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
export function judgeAnswer(name: string, request: HttpRequest, answer: Answer): Part["problem"] {
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

/** Sends one request on a connection of its own. */
export function sendHttp(
  signal: AbortSignal,
  host: string,
  port: number,
  request: HttpRequest,
): Promise<Answer> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(request.seconds * 1000)]);
  return new Promise((resolve, reject) => {
    const fail = (error: Error) =>
      reject(limit.aborted && !signal.aborted ? new Error(`no answer within ${request.seconds} s`) : error);
    const outgoing = http.request(
      {
        host,
        port,
        method: request.method,
        path: request.path,
        headers: request.headers,
        signal: limit,
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on("data", (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > maxBodyBytes) outgoing.destroy(new Error("the answer is longer than 1 MiB"));
          else chunks.push(chunk);
        });
        response.on("error", fail);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      },
    );
    outgoing.on("error", fail);
    outgoing.end(request.body);
  });
}
