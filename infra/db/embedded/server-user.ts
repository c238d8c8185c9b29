import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { AppError } from "#course/errors.ts";

const run = promisify(execFile);

/** How to run a program of the server: Postgres refuses to run as root. */
export interface ServerUser {
  /** null: the user of this process. */
  owner: { uid: number; gid: number } | null;
  /** Turns a command into one that runs as the server's user. */
  wrap(command: string[]): string[];
}

/**
 * The user the server runs as: this process's own, or as root the system user `postgres`, made when missing.
 * `paths` are what that user must reach; where a parent folder such as /root keeps others out, the programs get the
 * one capability that lets them pass through folders.
 */
export async function findServerUser(paths: string[]): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return { owner: null, wrap: (command) => command };
  const owner = (await lookUpPostgresUser()) ?? (await createPostgresUser());
  const shut = await firstShutFolder(paths);
  const capability = shut === null ? [] : await passingCapability(owner, shut);
  const prefix = [
    "setpriv",
    `--reuid=${owner.uid}`,
    `--regid=${owner.gid}`,
    "--clear-groups",
    ...capability,
    "--",
  ];
  return { owner, wrap: (command) => [...prefix, ...command] };
}

async function lookUpPostgresUser(): Promise<{ uid: number; gid: number } | null> {
  try {
    const [uid, gid] = await Promise.all([run("id", ["-u", "postgres"]), run("id", ["-g", "postgres"])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null;
  }
}

async function createPostgresUser() {
  try {
    await run("useradd", [
      "--system",
      "--user-group",
      "--no-create-home",
      "--shell",
      "/bin/false",
      "postgres",
    ]);
  } catch (cause) {
    throw new AppError({
      code: "postgres-user-missing",
      userMessage:
        "Postgres does not run as root and the system user postgres could not be made: create it (useradd --system postgres), or start Drydock as an ordinary user.",
      cause,
    });
  }
  const made = await lookUpPostgresUser();
  if (made === null) throw new Error("useradd succeeded, but the user postgres is unknown.");
  return made;
}

/** The first parent folder that others may not pass through; null when there is none. */
async function firstShutFolder(paths: string[]): Promise<string | null> {
  for (const start of paths) {
    for (let dir = path.dirname(start); dir !== path.dirname(dir); dir = path.dirname(dir)) {
      if (((await stat(dir)).mode & 0o001) === 0) return dir;
    }
  }
  return null;
}

async function passingCapability(owner: { uid: number; gid: number }, shut: string): Promise<string[]> {
  for (const name of ["dac_read_search", "dac_override"]) {
    const flags = [`--inh-caps=+${name}`, `--ambient-caps=+${name}`];
    const works = await run("setpriv", [
      `--reuid=${owner.uid}`,
      `--regid=${owner.gid}`,
      "--clear-groups",
      ...flags,
      "--",
      "ls",
      shut,
    ]).then(
      () => true,
      () => false,
    );
    if (works) return flags;
  }
  throw new AppError({
    code: "data-folder-unreachable",
    userMessage: `Postgres runs as the user postgres, which may not pass through ${shut}: allow it (chmod o+x ${shut}), or move Drydock to another folder.`,
  });
}
