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
    const equals = raw.indexOf("=");
    const name = /^(?:export\s+)?([A-Za-z_]\w*)$/.exec(raw.slice(0, Math.max(0, equals)).trim())?.[1];
    if (name !== undefined)
      found.set(name, { text: settingValue(raw.slice(equals + 1).trim()), line: index + 1 });
  }
  return found;
}

/** A value without its quotes and the comment behind it. */
function settingValue(text: string): string {
  const [quote] = text;
  const end = quote === '"' || quote === "'" ? text.indexOf(quote, 1) : -1;
  const behind = text.slice(end + 1).trimStart();
  if (end > 0 && (behind === "" || behind.startsWith("#"))) return text.slice(1, end).trim();
  return (text.split("#", 1)[0] ?? "").trim();
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
