import { APIError } from "better-auth/api";

export type HashGate = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * A password's hash costs a tenth of a second of one processor and 32 MiB, before anybody is known: so many are worked
 * on at once, so many wait in line, and whoever comes beyond that is asked to come again.
 */
export function createHashGate(limits: { atOnce: number; waiting: number }): HashGate {
  let running = 0;
  const line: (() => void)[] = [];
  return async (work) => {
    if (running >= limits.atOnce) {
      if (line.length >= limits.waiting) throw busy();
      // Whoever ends hands its place on, so that nobody who comes meanwhile goes before the line.
      await new Promise<void>((resolve) => line.push(resolve));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = line.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

export const busyCode = "TOO_BUSY";

function busy(): APIError {
  return new APIError(
    "SERVICE_UNAVAILABLE",
    {
      code: busyCode,
      message: "Too many people sign in at this moment. Wait a few seconds, then try again.",
    },
    { "Retry-After": "5" },
  );
}
