export interface SecretPattern {
  /** What it is, after "holds". */
  name: string;
  pattern: RegExp;
}

/** What is a secret wherever it stands. */
export const knownSecrets: SecretPattern[] = [
  { name: "a private key", pattern: /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/ },
  { name: "an AWS access key", pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/ },
  { name: "an AWS secret key", pattern: /aws_secret_access_key["']?\s*[=:]\s*["']?[A-Za-z0-9/+]{40}/i },
];

/** NAME=value with a name that says what it is; the value is no reference to another variable. */
export const namedSecret: SecretPattern = {
  name: "a password or token",
  pattern: /\b\w*(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY)\w*=["']?(?!\$|["'\s]|$)[^\s"']+/i,
};

/** A file of secrets by its name; templates for one hold none. */
export const isEnvFile = (name: string) =>
  /^\.env(\.|$)/.test(name) && !/\.(example|sample|template|dist)$/.test(name);

/** The name of the first pattern that a text matches, or null. The secret itself is never repeated. */
export function findSecret(text: string, patterns: SecretPattern[]): string | null {
  return patterns.find(({ pattern }) => pattern.test(text))?.name ?? null;
}
