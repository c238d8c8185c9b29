import type { HttpRequest } from "../settings/http-request.ts";

type Wanted = NonNullable<HttpRequest["json"]>;

/** Beyond, what must look into it would run out of stack; no honest answer comes near. */
const maxDepth = 100;

/** The first value in a JSON text that is not as wanted, as a sentence; null when all are. */
export function findJsonProblem(wanted: Wanted, text: string): string | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return "The body is not JSON.";
  }
  if (isDeeperThan(json, maxDepth))
    return `The body is JSON with more than ${maxDepth} levels one in another.`;
  for (const [path, want] of Object.entries(wanted)) {
    const name = path || "the whole";
    const found = follow(json, path);
    if (found === undefined) return `There is no ${name} in it.`;
    if (typeof want === "object" && want !== null) {
      if (typeOf(found) !== want.type) return `${name} is ${show(found)}, which is no ${want.type}.`;
    } else if (found !== want) return `${name} is ${show(found)} instead of ${show(want)}.`;
  }
  return null;
}

/** Without recursion: the value may be as deep as its text is long. */
function isDeeperThan(json: unknown, most: number): boolean {
  let level: unknown[] = [json];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > most) return true;
    const below: unknown[] = [];
    for (const value of level)
      if (typeof value === "object" && value !== null)
        for (const each of Object.values(value)) below.push(each);
    level = below;
  }
  return false;
}

function follow(json: unknown, path: string): unknown {
  if (path === "") return json;
  let at = json;
  for (const key of path.split(".")) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at;
}

const typeOf = (value: unknown) => (Array.isArray(value) ? "array" : typeof value);
const show = (value: unknown) => {
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 120)} […]` : text;
};
