/** Longer JSON is left as it was written: it is read by search, not by eye. */
const longestJson = 20_000;

/** A check's output for staff as people read it: a line of JSON is laid out, all else stays. */
export function readableOutput(text: string): string {
  return text
    .split("\n")
    .map((line) => layOut(line) ?? line)
    .join("\n");
}

/** null for what is no object or list of JSON, and for one with nothing in it. */
function layOut(line: string): string | null {
  const trimmed = line.trim();
  if (!/^[[{]/.test(trimmed) || trimmed.length > longestJson) return null;
  try {
    return JSON.stringify(JSON.parse(trimmed), null, 2);
  } catch {
    // Text that only begins like JSON, such as "[INFO] started".
    return null;
  }
}
