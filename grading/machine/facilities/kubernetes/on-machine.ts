import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);
const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Runs a program of the machine and gives its output. Throws with what it said when it ends badly. */
export async function onMachine(command: [string, ...string[]], signal?: AbortSignal): Promise<string> {
  const [program, ...args] = command;
  try {
    const { stdout } = await execute(program, args, {
      // Next's types ask every environment for NODE_ENV.
      env: { PATH: path, LC_ALL: "C.UTF-8" } as unknown as NodeJS.ProcessEnv,
      maxBuffer: 8 * 1024 * 1024,
      ...(signal ? { signal } : {}),
    });
    return stdout;
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    const { stderr, message } = error as Error & { stderr?: string };
    throw new Error(`${program} ${args[0] ?? ""} failed: ${(stderr || message).trim().slice(-500)}`, {
      cause: error,
    });
  }
}
