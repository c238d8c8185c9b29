import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { access, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { AppError } from "#course/errors.ts";
import { isAlive } from "#infra/db/embedded/running-server.ts";

const run = promisify(execFile);
const requirements = path.join(import.meta.dirname, "requirements.txt");
const installLimitMs = 10 * 60_000;

/**
 * The Python of a virtual environment with moto in it, made in `cacheDir` when it is not there: 167 MB from PyPI. Of
 * several processes one makes it and the others wait. Throws AppError `python-missing` or `moto-not-installed`.
 */
export async function ensureMotoPython(options: {
  cacheDir: string;
  /** The Python to make it with; tests name one that is not there. */
  python?: string;
  onProgress?: (line: string) => void;
}): Promise<string> {
  const python = options.python ?? "python3";
  const pins = createHash("sha256")
    .update(await readFile(requirements))
    .digest("hex")
    .slice(0, 8);
  const folder = path.join(options.cacheDir, "python", `moto-${await versionOf(python)}-${pins}`);
  const made = path.join(folder, "bin", "python");
  if (await exists(made)) return made;
  await mkdir(path.dirname(folder), { recursive: true });
  await withLock(`${folder}.lock`, options.onProgress, async () => {
    if (!(await exists(made))) await make(python, folder, options.onProgress);
  });
  return made;
}

/** Such as 3.13: an environment of another Python is another one. */
async function versionOf(python: string): Promise<string> {
  const print = "import sys; print(f'{sys.version_info[0]}.{sys.version_info[1]}')";
  const version = await run(python, ["-c", print]).then(
    ({ stdout }) => stdout.trim(),
    (cause) => Promise.reject(missing("Python 3 is not installed", "python3", cause)),
  );
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major !== 3 || minor < 11) {
    throw missing(`Python ${version} is too old, it takes 3.11 or newer`, "python3");
  }
  return version;
}

/** Made beside and renamed when it is whole, so that what has its name can be used. */
async function make(python: string, folder: string, onProgress?: (line: string) => void): Promise<void> {
  const partial = `${folder}.${process.pid}`;
  await rm(partial, { recursive: true, force: true });
  try {
    onProgress?.("Making a Python environment for moto, once");
    await run(python, ["-m", "venv", partial]).catch((cause) => {
      throw missing("Python cannot make a virtual environment", "python3-venv", cause);
    });
    onProgress?.("Installing moto from PyPI, once");
    await run(
      path.join(partial, "bin", "python"),
      ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r", requirements],
      { timeout: installLimitMs, maxBuffer: 16 << 20 },
    ).catch((cause: { stderr?: string }) => {
      const lastLine = (cause.stderr ?? "").trim().split("\n").at(-1) ?? "";
      throw new AppError({
        code: "moto-not-installed",
        userMessage: `The local EC2 could not be installed from PyPI: ${lastLine}`,
        retryable: true,
        cause,
      });
    });
    await rename(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

/** Saves work only: what must not happen twice is the rename, which the second of two cannot do. */
async function withLock(
  file: string,
  onProgress: ((line: string) => void) | undefined,
  work: () => Promise<void>,
) {
  let told = false;
  while (!(await take(file))) {
    if (!told) onProgress?.("Another process is making the Python environment for moto");
    told = true;
    await wait(250);
  }
  try {
    await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function take(file: string): Promise<boolean> {
  const taken = await writeFile(file, String(process.pid), { flag: "wx" }).then(
    () => true,
    (error: NodeJS.ErrnoException) => (error.code === "EEXIST" ? false : Promise.reject(error)),
  );
  if (taken) return true;
  const holder = Number(await readFile(file, "utf8").catch(() => ""));
  // Of one that was killed the lock stays; an empty file is being written at this moment.
  if (holder > 0 && !isAlive(holder)) await rm(file, { force: true });
  return false;
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

function missing(what: string, debianPackage: string, cause?: unknown): AppError {
  return new AppError({
    code: "python-missing",
    userMessage: `The local EC2 is moto, a Python program. ${what}: install it (Debian: apt-get install ${debianPackage}).`,
    cause,
  });
}
