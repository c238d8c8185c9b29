import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, constants } from "node:fs/promises";
import path from "node:path";
import { eachLine } from "./engine/engine-lines.ts";

/** Where Debian keeps programs; PATH of a service may lack the sbin ones. */
const programFolders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

export async function hasProgram(name: string): Promise<boolean> {
  const found = await Promise.all(
    programFolders.map((folder) =>
      access(path.join(folder, name), constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}

export type InstallOutcome = { outcome: "installed" } | { outcome: "impossible"; message: string };

/** Installs Debian packages on this computer: only as root, only where there is apt-get. */
export async function aptInstall(
  packages: string[],
  onLine: (line: string) => void,
): Promise<InstallOutcome> {
  const wanted = packages.join(" ");
  if (!(await hasProgram("apt-get"))) {
    return { outcome: "impossible", message: `this is not Debian or Ubuntu; install ${wanted} yourself.` };
  }
  if (process.getuid?.() !== 0) {
    return { outcome: "impossible", message: `run \`sudo apt-get install ${wanted}\` first.` };
  }
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", ...packages]]) {
    const last = await aptGet(args, onLine);
    if (last !== null) return { outcome: "impossible", message: `apt-get ${args[0]} failed: ${last}` };
  }
  return { outcome: "installed" };
}

/** Whole, not the caller's: nothing that a user's shell sets may change what is installed. NODE_ENV is what types ask for. */
const aptEnvironment: NodeJS.ProcessEnv = {
  NODE_ENV: "production",
  PATH: programFolders.join(":"),
  DEBIAN_FRONTEND: "noninteractive",
  LC_ALL: "C.UTF-8",
};

/** null on success, else the last line that it printed. */
async function aptGet(args: string[], onLine: (line: string) => void): Promise<string | null> {
  const child = spawn("apt-get", args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: aptEnvironment,
  });
  let last = "";
  const keep = (line: string) => {
    last = line;
    onLine(line);
  };
  const [[status]] = await Promise.all([
    once(child, "close") as Promise<[number | null]>,
    eachLine(child.stdout, keep),
    eachLine(child.stderr, keep),
  ]);
  return status === 0 ? null : last || `status ${status}`;
}
