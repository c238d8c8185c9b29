/** What a check wrote for staff alone, without what its log has too. */
export interface BesidesTheLog {
  text: string;
  /** How many lines its log has as well, in their order. */
  inLog: number;
}

/** Fewer lines in a row are as likely chance as repetition, such as a closing brace. */
const fewest = 5;

/**
 * Leaves out stretches of output that stand in the check's log just so, such as a build's: they are read there. logged:
 * lines of the check in the log, in order, without colours.
 */
export function besidesTheLog(output: string, logged: readonly string[]): BesidesTheLog {
  const known = new Set(logged.map((line) => line.trimEnd()).filter((line) => line !== ""));
  const kept: string[] = [];
  let stretch: string[] = [];
  let inLog = 0;
  const close = () => {
    const some = stretch.filter((line) => line.trim() !== "").length;
    if (some < fewest) kept.push(...stretch);
    else inLog += some;
    stretch = [];
  };
  for (const line of output.split("\n")) {
    if (known.has(line.trimEnd()) || (line.trim() === "" && stretch.length > 0)) stretch.push(line);
    else {
      close();
      kept.push(line);
    }
  }
  close();
  return { text: kept.join("\n").trim() === "" ? "" : kept.join("\n"), inLog };
}
