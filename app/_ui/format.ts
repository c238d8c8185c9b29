/** Numbers as people read them. All deterministic: the server and the browser render the same text. */

const units = ["B", "KB", "MB", "GB"] as const;

/** Bytes in binary thousands with at most one decimal: 20 MB, 1.5 KB, 0 B. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 || Number.isInteger(value) ? 0 : 1;
  return `${value.toFixed(digits).replace(/\.0$/, "")} ${units[unit]}`;
}

/** A span of seconds: 4.2 s, 47 s, 3 min 20 s, 2 h 5 min, 3 d 4 h. */
export function formatSeconds(seconds: number): string {
  const s = Math.max(0, seconds);
  if (s < 10) return `${(Math.round(s * 10) / 10).toString()} s`;
  const whole = Math.round(s);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`;
}

/** A length that stands still, such as a limit or a grace, without needless zeros: 15 min, 1 h 30 min, 47 s. */
export function formatSpan(seconds: number): string {
  return formatSeconds(seconds).replace(/ 0 (s|min|h)$/, "");
}

/** Points without needless zeros: 10, 7.5, 3.33. */
export function formatPoints(points: number): string {
  return (Math.round(points * 100) / 100).toString();
}

/** "20 points", and "20 points extra" of what is scored out of 0. */
export function pointsText({ points, extraCredit }: { points: number; extraCredit: boolean }): string {
  return `${formatPoints(points)} ${extraCredit ? "points extra" : "points"}`;
}

/** Small amounts keep enough digits to say something: $0.0013, $1.24. */
export function formatUsd(usd: number): string {
  if (usd !== 0 && Math.abs(usd) < 0.01) return `$${usd.toFixed(4)}`;
  return `$${usd.toFixed(2)}`;
}

/** 1 run, 2 runs. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** 17.2 of 20 in the course's points, kept on one line; a dash while there is no score. */
export function worthText({ points, of }: { points: number | null; of: number }): string {
  return points === null ? "–" : `${formatPoints(points)}\u00a0of\u00a0${formatPoints(of)}`;
}

/** 86 of 100 checks' points: an exercise's own, before they are the course's. */
export function checksPoints({ score, maxScore }: { score: number | null; maxScore: number | null }): string {
  const most = maxScore === null ? "" : `of\u00a0${formatPoints(maxScore)} `;
  return `${score === null ? "–" : formatPoints(score)}\u00a0${most}checks' points`;
}

/** 17 / 20, kept on one line, or a dash while there is no score. */
export function scoreOf(run: { score: number | null; maxScore: number | null } | null): string {
  if (!run || run.score === null) return "–";
  return run.maxScore === null
    ? formatPoints(run.score)
    : `${formatPoints(run.score)}\u00a0/\u00a0${formatPoints(run.maxScore)}`;
}

/** A character that cannot be seen, by its number: U+202E. */
export function codePointName(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
