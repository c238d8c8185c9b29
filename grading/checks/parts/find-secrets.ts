export interface SecretPattern {
  /** What it is, after "holds". */
  name: string;
  pattern: RegExp;
}

/**
 * What is a secret wherever it stands. Programs that read keys have the line that begins one in their text, and
 * documentation has example keys: a key needs its first characters, and is no example.
 */
export const knownSecrets: SecretPattern[] = [
  {
    name: "a private key",
    pattern:
      /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:\s|\\[rn])+(?:[\w-]+: [^\n]*\n)*\s*[A-Za-z0-9+/=]{16}/,
  },
  { name: "an AWS access key", pattern: /\b(?:AKIA|ASIA)(?![A-Z0-9]{9}EXAMPLE\b)[A-Z0-9]{16}\b/ },
  {
    name: "an AWS secret key",
    pattern: /aws_secret_access_key["']?\s*[=:]\s*["']?(?![A-Za-z0-9/+]*EXAMPLE)[A-Za-z0-9/+]{40}/i,
  },
  { name: "a GitHub token", pattern: /\bgh[pousr]_[A-Za-z0-9]{36}\b/ },
];

/**
 * NAME=value with a name that ends in what it is, so not TOKENIZERS or PASSWORD_FILE; the value is no reference to
 * another variable.
 */
export const namedSecret: SecretPattern = {
  name: "a password or token",
  pattern:
    /\b\w*(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY)(?:_?(?:ACCESS_)?KEY(?:_BASE)?)?=["']?(?!\$|["'\s]|$)[^\s"']+/i,
};

/** A file of secrets by its name; templates for one hold none. */
export const isEnvFile = (name: string) =>
  /^\.env(\.|$)/.test(name) && !/\.(example|sample|template|dist)$/.test(name);

/** The name of the first pattern that a text matches, or null. The secret itself is never repeated. */
export function findSecret(text: string, patterns: SecretPattern[]): string | null {
  return patterns.find(({ pattern }) => pattern.test(text))?.name ?? null;
}
