import { PassThrough, type Readable } from "node:stream";
import type Docker from "dockerode";

/**
 * Runs a command in a running container and hands on each line of its output, both streams together.
 * Resolves with the exit status.
 */
export async function execLines(options: {
  docker: Docker;
  container: Docker.Container;
  command: string[];
  /** NAME=value; of the command only, never of an image committed later. */
  env: string[];
  onLine: (line: string) => void;
}): Promise<number> {
  const exec = await options.container.exec({
    Cmd: options.command,
    Env: options.env,
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await exec.start({});
  const output = new PassThrough();
  options.docker.modem.demuxStream(stream, output, output);
  stream.once("end", () => output.end());
  stream.once("error", (error) => output.destroy(error));
  await eachLine(output, options.onLine);
  const { ExitCode } = await exec.inspect();
  return ExitCode ?? -1;
}

/** Carriage returns end a line too: progress bars use them. */
export async function eachLine(stream: Readable, onLine: (line: string) => void): Promise<void> {
  let rest = "";
  for await (const chunk of stream.setEncoding("utf8")) {
    const lines = (rest + chunk).split(/[\r\n]+/);
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") onLine(line);
  }
  if (rest !== "") onLine(rest);
}
