import { type Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type Docker from "dockerode";
import { CappedOutput } from "../../checks/kit/container/capped-output.ts";

const keptBytes = 4 * 1024 * 1024;

/**
 * Runs a command as root in one of the cluster's containers and gives its standard output. Throws with what it said
 * when it does not exit with status 0.
 */
export async function onNode(
  docker: Docker,
  container: string,
  command: string[],
  input?: Readable,
): Promise<string> {
  const exec = await docker.getContainer(container).exec({
    Cmd: command,
    AttachStdin: input !== undefined,
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await exec.start({ hijack: true, stdin: input !== undefined });
  const stdout = new CappedOutput(keptBytes);
  const stderr = new CappedOutput(keptBytes);
  docker.modem.demuxStream(stream, sink(stdout), sink(stderr));
  const ended = new Promise<void>((resolve, reject) => {
    stream.once("end", resolve);
    stream.once("close", resolve);
    stream.once("error", reject);
  });
  if (input) await pipeline(input, stream);
  else stream.end();
  await ended;
  const { ExitCode: status } = await exec.inspect();
  if (status !== 0)
    throw new Error(
      `${command.slice(0, 4).join(" ")} on ${container} ended with status ${status}: ${stderr.text().trim().slice(-500)}`,
    );
  return stdout.text();
}

const sink = (output: CappedOutput) =>
  new Writable({
    write(chunk: Buffer, _encoding, done) {
      output.write(chunk);
      done();
    },
  });
