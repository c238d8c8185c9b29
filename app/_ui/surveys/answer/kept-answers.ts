/**
 * Answers that have not arrived yet, kept in this browser: with the token before it is signed, so that a lost reply can
 * be asked for again, and with the signed one until they are taken. A browser may refuse to keep anything; then they
 * live as long as the page.
 */

interface Common {
  /** Of this shape; what another version wrote is not read. */
  version: 1;
  keyId: string;
  /** base64 */
  message: string;
  answers: Record<string, number | string>;
}

/** Not signed yet; of this person, whom the server will ask for. */
export interface MadeAnswers extends Common {
  stage: "made";
  person: string;
  blinded: string;
  inverse: string;
}

/** Nothing in it says whose it is. */
export interface SignedAnswers extends Common {
  stage: "signed";
  signature: string;
}

export type KeptAnswers = MadeAnswers | SignedAnswers;

const prefix = "drydock-survey ";
const nameOf = (kept: KeptAnswers) =>
  `${prefix}${kept.keyId} ${kept.stage === "made" ? kept.person : kept.message}`;

export function keep(kept: KeptAnswers): void {
  try {
    localStorage.setItem(nameOf(kept), JSON.stringify(kept));
  } catch {
    // Nothing is kept, and nothing is claimed.
  }
}

export function forget(kept: KeptAnswers): void {
  try {
    localStorage.removeItem(nameOf(kept));
  } catch {
    // There was nothing.
  }
}

export const keptSigned = (): SignedAnswers[] => all().filter((one) => one.stage === "signed");

export const isKept = ({ message }: SignedAnswers): boolean =>
  keptSigned().some((one) => one.message === message);

export const keptMade = (keyId: string, person: string): MadeAnswers | null =>
  all().find(
    (one): one is MadeAnswers => one.stage === "made" && one.keyId === keyId && one.person === person,
  ) ?? null;

function all(): KeptAnswers[] {
  try {
    return Object.keys(localStorage)
      .filter((name) => name.startsWith(prefix))
      .flatMap((name) => read(localStorage.getItem(name)));
  } catch {
    return [];
  }
}

function read(text: string | null): KeptAnswers[] {
  const kept = JSON.parse(text ?? "null") as KeptAnswers | null;
  return kept?.version === 1 ? [kept] : [];
}
