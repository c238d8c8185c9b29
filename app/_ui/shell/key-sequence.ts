/** Milliseconds within which the second key of a sequence must follow. */
const windowMs = 1200;

/**
 * Recognises shortcuts of one key ("f") and of two ("g s"). The returned function takes a key, its time in
 * milliseconds and the shortcuts that exist now, and returns the shortcut that this key completes, or null.
 */
export function createKeySequence(): (key: string, at: number, known: readonly string[]) => string | null {
  let first: { key: string; at: number } | null = null;
  return (key, at, known) => {
    const pair = first && at - first.at <= windowMs ? `${first.key} ${key}` : null;
    if (pair && known.includes(pair)) {
      first = null;
      return pair;
    }
    first = known.some((keys) => keys.startsWith(`${key} `)) ? { key, at } : null;
    return known.includes(key) ? key : null;
  };
}
