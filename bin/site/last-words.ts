import { z } from "zod";

/** A line of our own processes' log, as pino writes it. */
const logLine = z.object({ level: z.number(), msg: z.string() });
const fatal = 60;

/**
 * What the last lines of a process's log say to a person: the sentence that it ended with, when it said one, else all
 * of them, without the fields that only programs read.
 */
export function lastWords(log: string): string {
  const ends = log
    .trimEnd()
    .split("\n")
    .map((line) => readLine(line) ?? { level: 0, msg: line });
  const said = ends.filter((line) => line.level >= fatal);
  return (said.length > 0 ? said : ends).map((line) => line.msg).join("\n");
}

function readLine(line: string): z.infer<typeof logLine> | null {
  try {
    return logLine.parse(JSON.parse(line));
  } catch {
    // Not every line is a log's: Node's own words at a crash are not.
    return null;
  }
}
