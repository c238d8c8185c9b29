import { RE2JS, re } from "re2js";

export interface SecretPattern {
  /** What it is, after "holds". */
  name: string;
  /** Whether a text holds one; a file of megabytes that was made to be slow must not be. */
  isIn(text: string): boolean;
}

const privateKey = re`-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:\s|\\[rn])+(?:[\w-]+: [^\n]*\n)*\s*[A-Za-z0-9+/=]{16}`;
const accessKey = /\b(?:AKIA|ASIA)(?![A-Z0-9]{9}EXAMPLE\b)[A-Z0-9]{16}\b/;
const secretKey = re(RE2JS.CASE_INSENSITIVE)`aws_secret_access_key["']?\s*[=:]\s*["']?([A-Za-z0-9/+]{40,})`;
const gitHubToken = /\bgh[pousr]_[A-Za-z0-9]{36}\b/;
const namedValue = re(
  RE2JS.CASE_INSENSITIVE,
)`\b\w*(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY)(?:_?(?:ACCESS_)?KEY(?:_BASE)?)?=["']?[^$"'\s]`;

/**
 * What is a secret wherever it stands. Programs that read keys have the line that begins one in their text, and
 * documentation has example keys: a key needs its first characters, and is no example.
 */
export const knownSecrets: SecretPattern[] = [
  { name: "a private key", isIn: (text) => privateKey.test(text) },
  { name: "an AWS access key", isIn: (text) => accessKey.test(text) },
  {
    name: "an AWS secret key",
    isIn: holdsSecretKey,
  },
  { name: "a GitHub token", isIn: (text) => gitHubToken.test(text) },
];

function holdsSecretKey(text: string): boolean {
  if (!secretKey.test(text)) return false;
  for (const [, key = ""] of secretKey.matchAll(text)) if (!/EXAMPLE/i.test(key)) return true;
  return false;
}

/**
 * NAME=value with a name that ends in what it is, so not TOKENIZERS or PASSWORD_FILE; the value is no reference to
 * another variable.
 */
export const namedSecret: SecretPattern = {
  name: "a password or token",
  isIn: (text) => namedValue.test(text),
};

/** A file of secrets by its name; templates for one hold none. */
export const isEnvFile = (name: string) =>
  /^\.env(\.|$)/.test(name) && !/\.(example|sample|template|dist)$/.test(name);

/** The name of the first pattern that a text matches, or null. The secret itself is never repeated. */
export function findSecret(text: string, patterns: SecretPattern[]): string | null {
  return patterns.find(({ isIn }) => isIn(text))?.name ?? null;
}
