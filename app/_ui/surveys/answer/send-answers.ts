import type { TokenKey } from "./blind-token.ts";
import { fromBase64, toBase64 } from "./bytes.ts";
import { forget, keep, keptMade, type MadeAnswers, type SignedAnswers } from "./kept-answers.ts";

/** A sentence for whoever answers. */
export class NotSent extends Error {}

export interface AnsweredSurvey {
  course: string;
  number: number;
  tokenKey: TokenKey;
  person: string;
}

/**
 * Makes a token, has it signed, which records that the survey was completed, and gives the answers with it, ready to be
 * sent by nobody in particular. Where a try before was cut off, its token is used again: another one would be refused.
 * answers null: those of that try. Throws NotSent.
 */
export async function completeSurvey(
  survey: AnsweredSurvey,
  answers: MadeAnswers["answers"] | null,
): Promise<SignedAnswers> {
  const { makeToken, finishToken, importTokenKey, OtherKey } = await import("./blind-token.ts");
  const key = await importTokenKey(survey.tokenKey).catch((error: unknown) => {
    if (error instanceof OtherKey) throw new NotSent(otherKey);
    throw error;
  });
  const before = keptMade(survey.tokenKey.id, survey.person);
  if (before === null && answers === null)
    throw new NotSent("There is nothing kept here that could be sent.");
  const token = before ? tokenOf(before) : await makeToken(key);
  const made: MadeAnswers = {
    ...{ version: 1, stage: "made", keyId: survey.tokenKey.id, person: survey.person },
    ...{
      message: toBase64(token.message),
      blinded: toBase64(token.blinded),
      inverse: toBase64(token.inverse),
    },
    answers: answers ?? before?.answers ?? {},
  };
  keep(made);
  const blindSignature = await askToSign(survey, made);
  const signature = await finishToken(key, token, blindSignature);
  const { version, keyId, message } = made;
  const signed: SignedAnswers = {
    ...{ version, keyId, message, answers: made.answers, stage: "signed" },
    signature: toBase64(signature),
  };
  keep(signed);
  forget(made);
  return signed;
}

const tokenOf = ({ message, blinded, inverse }: MadeAnswers) => ({
  message: fromBase64(message),
  blinded: fromBase64(blinded),
  inverse: fromBase64(inverse),
});

async function askToSign({ course, number }: AnsweredSurvey, made: MadeAnswers): Promise<Uint8Array> {
  const query = new URLSearchParams({ course, number: String(number) });
  const answer = await post(`/api/surveys/token?${query}`, { blinded: made.blinded }, "same-origin");
  const told = await answer.json().catch(() => null);
  if (answer.ok) return fromBase64(told.signature);
  // What was refused was not recorded: the next try makes a token of its own.
  if (answer.status === 409) forget(made);
  throw new NotSent(told?.error?.message ?? lost);
}

export type Arrival = "arrived" | "later";

/**
 * Hands answers in without a cookie, so that the request is nobody's. "later": they were not taken now and are kept.
 * Throws NotSent when they never will be, and forgets them.
 */
export async function sendAnswers(signed: SignedAnswers, leaving = false): Promise<Arrival> {
  const { keyId: key, message, signature, answers } = signed;
  const answer = await post(
    "/api/surveys/answers",
    { key, message, signature, answers },
    "omit",
    leaving,
  ).catch(() => null);
  if (answer === null || answer.status >= 500 || answer.status === 429) return "later";
  forget(signed);
  if (answer.ok) return "arrived";
  const told = await answer.json().catch(() => null);
  // They had arrived, and only the reply was lost.
  if (told?.error?.code === "token-used") return "arrived";
  throw new NotSent(told?.error?.message ?? "The answers were refused.");
}

function post(path: string, body: object, credentials: RequestCredentials, keepalive = false) {
  return fetch(path, {
    ...{ method: "POST", credentials, keepalive, body: JSON.stringify(body) },
    ...{ headers: { "content-type": "application/json" }, referrerPolicy: "no-referrer" },
  });
}

const lost =
  "The server did not answer, so it is not known whether your completion was recorded: send again, which counts once.";
const otherKey =
  "The key of this survey is not the one that is published for your section, so nothing was sent: tell staff.";

/** Waits some while that nobody chose, in milliseconds, so that when answers come says nothing of who sent them. */
export function waitAtRandom(fromMs: number, toMs: number): Promise<void> {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  return new Promise((resolve) => setTimeout(resolve, fromMs + (random / 2 ** 32) * (toMs - fromMs)));
}
