export interface StatedValue {
  /** Bytes of memory, or CPUs. */
  value: number;
  /** As written. */
  text: string;
  line: number;
}

export interface StatedLimits {
  memory: StatedValue | null;
  cpus: StatedValue | null;
}

export type ParseLimitsOutcome =
  | { outcome: "ok"; limits: StatedLimits }
  /** problem: a sentence without its full stop that names the line. */
  | { outcome: "invalid"; problem: string };

const units = new Map([
  ["", 1],
  ["b", 1],
  ["k", 1024],
  ["m", 1024 ** 2],
  ["g", 1024 ** 3],
]);

/** Lines NAME=value of a settings file, by name; quotes and the word export are taken off; # begins a comment. */
export function parseSettingsFile(text: string): Map<string, { text: string; line: number }> {
  const found = new Map<string, { text: string; line: number }>();
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const match =
      /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^#]*?))\s*(?:#.*)?$/.exec(
        raw,
      );
    if (match?.[1])
      found.set(match[1], { text: (match[2] ?? match[3] ?? match[4] ?? "").trim(), line: index + 1 });
  }
  return found;
}

/** MEMORY and CPUS in the forms of docker run --memory and --cpus. */
export function parseLimits(text: string): ParseLimitsOutcome {
  const values = parseSettingsFile(text);
  const limits: StatedLimits = { memory: null, cpus: null };
  const memory = values.get("MEMORY");
  if (memory) {
    const match = /^(\d+(?:\.\d+)?)\s*([bkmg]?)(?:i?b)?$/i.exec(memory.text);
    const value = match ? Number(match[1]) * (units.get((match[2] ?? "").toLowerCase()) ?? 1) : 0;
    if (value <= 0)
      return {
        outcome: "invalid",
        problem: `line ${memory.line} says MEMORY=${memory.text.slice(0, 60)}, which is no size such as 64m`,
      };
    limits.memory = { value: Math.round(value), ...memory };
  }
  const cpus = values.get("CPUS");
  if (cpus) {
    const value = /^(\d+(\.\d+)?|\.\d+)$/.test(cpus.text) ? Number(cpus.text) : 0;
    if (value <= 0)
      return {
        outcome: "invalid",
        problem: `line ${cpus.line} says CPUS=${cpus.text.slice(0, 60)}, which is no number such as 0.5`,
      };
    limits.cpus = { value, ...cpus };
  }
  return { outcome: "ok", limits };
}
