import { randomBytes } from "node:crypto";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { ensureUser } from "#infra/auth/ensure-user.ts";
import { CommandFailure, type ExitCode, exitCode } from "../exit.ts";
import type { Terminal } from "../terminal.ts";
import { withDatabase } from "../with-database.ts";

export interface UserAddOptions {
  name: string;
  course?: string;
  role: string;
  section?: string;
  passwordStdin: boolean;
}

const roles = ["student", "ta", "instructor"] as const;
/** As for people who change theirs; see infra/auth/auth.ts. */
const passwordLength = { min: 10, max: 128 };

/** `drydock user add`: makes or changes an account; a password that was made here is printed once, on out. */
export async function userAdd(terminal: Terminal, email: string, options: UserAddOptions): Promise<ExitCode> {
  if (!z.email().safeParse(email).success) throw refuse(`${email} is not an e-mail address.`);
  const role = roles.find((one) => one === options.role);
  if (role === undefined) {
    throw refuse(
      `There is no role ${options.role}; choose ${roles.slice(0, -1).join(", ")} or ${roles.at(-1)}.`,
    );
  }
  if (options.section !== undefined && options.course === undefined) {
    throw refuse("A section belongs to a course; name it with --course.");
  }
  const password = options.passwordStdin ? await readPassword() : randomBytes(12).toString("base64url");
  const enrollments =
    options.course === undefined ? [] : [{ course: options.course, role, section: options.section ?? null }];
  await withDatabase((db) => ensureUser({ db, email, name: options.name, password, enrollments }));
  const enrolled = options.course === undefined ? "" : ` as ${role} of ${options.course}`;
  const shown = options.passwordStdin ? "" : `Password: ${password}\n`;
  terminal.out.write(`${email} may sign in${enrolled}.\n${shown}`);
  return exitCode.ok;
}

async function readPassword(): Promise<string> {
  // What a shell's echo adds is no part of the password.
  const password = (await text(process.stdin)).replace(/\r?\n$/, "");
  const { min, max } = passwordLength;
  if (password.length < min || password.length > max) {
    throw refuse(
      `The password on standard input has ${password.length} characters; use at least ${min} and at most ${max}.`,
    );
  }
  return password;
}

function refuse(message: string): CommandFailure {
  return new CommandFailure(exitCode.badInput, message);
}
