import { expect, test } from "vitest";
import { findSecret, isEnvFile, knownSecrets, namedSecret } from "./find-secrets.ts";

test("secrets are found by what they are, and templates, examples and programs that read keys are none", () => {
  const find = (text: string) => findSecret(text, [...knownSecrets, namedSecret]);
  // Joined here so that no scanner takes this file for a leak.
  const begin = (kind: string) => ["-----BEGIN", `${kind}-----`].join(" ");
  const body = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ";
  expect(find(`${begin("OPENSSH PRIVATE KEY")}\n${body}`)).toBe("a private key");
  expect(find(`${begin("RSA PRIVATE KEY")}\nProc-Type: 4,ENCRYPTED\nDEK-Info: x,y\n\n${body}`)).toBe(
    "a private key",
  );
  expect(find(`LABEL key=${begin("PRIVATE KEY")}\\n${body}`)).toBe("a private key");
  expect(find(`id=${"AKIA"}ABCDEFGHIJKLMNOP`)).toBe("an AWS access key");
  expect(find(["ghp", "0123456789abcdefghijABCDEFGHIJ012345"].join("_"))).toBe("a GitHub token");
  for (const secret of ["DB_PASSWORD=hunter2", "AWS_SECRET_ACCESS_KEY=x", "SECRET_KEY_BASE=x", "apiKey=x"])
    expect(find(secret)).toBe("a password or token");
  for (const innocent of [
    "PASSWORD=$PASSWORD",
    "the token is passed",
    "PATH=/usr/bin",
    "PASSWORD=",
    "TOKENIZERS_PARALLELISM=false",
    "POSTGRES_PASSWORD_FILE=/run/secrets/db",
    `id=${"AKIA"}IOSFODNN7EXAMPLE`,
    `if text.startswith("${begin("PRIVATE KEY")}"):\n    return load(text)`,
    begin("PUBLIC KEY"),
  ])
    expect(find(innocent)).toBeNull();
  expect([".env", ".env.production", ".env.example", "env", ".envrc"].map(isEnvFile)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
