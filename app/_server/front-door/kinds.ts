import { createPlaces, type PlaceBounds, type Places } from "./places.ts";
import type { WhenQuiet } from "./quiet-turn.ts";

/** What is asked for, by what it costs and whom it may keep waiting. Uploads and signs of life pass all others. */
export type RequestKind = "upload" | "health" | "sign-in" | "file" | "page";

/**
 * A page takes some milliseconds of the one processor that all share, and of the database's ten connections: more of
 * them at once are no faster. A class of 60 behind one address that loads a page at once sends at most 360 requests
 * (a browser sends six), one of 300 sends 1,800. Both wait and are answered; a flood is not.
 */
const bounds: Record<RequestKind, PlaceBounds> = {
  page: { inAll: 16, perAddress: 8, waitingInAll: 4_000, waitingPerAddress: 2_000, waitMs: 60_000 },
  file: { inAll: 32, perAddress: 16, waitingInAll: 4_000, waitingPerAddress: 2_000, waitMs: 60_000 },
  // Passwords have a line of their own (infra/auth), which must not keep pages waiting.
  "sign-in": { inAll: 128, perAddress: 64, waitingInAll: 600, waitingPerAddress: 300, waitMs: 60_000 },
  // Each person's are bounded by who reads them (uploads-under-way.ts); those of strangers end at once.
  upload: { inAll: 1_000, perAddress: 600, waitingInAll: 0, waitingPerAddress: 0, waitMs: 0 },
  health: { inAll: 16, perAddress: 4, waitingInAll: 64, waitingPerAddress: 16, waitMs: 10_000 },
};

export function createAllPlaces(whenQuiet: WhenQuiet): Record<RequestKind, Places> {
  const entries = Object.entries(bounds).map(([kind, bound]) => {
    const passes = kind === "upload" || kind === "health";
    return [kind, createPlaces(bound, passes ? undefined : whenQuiet)];
  });
  return Object.fromEntries(entries) as Record<RequestKind, Places>;
}

/** Bodies that are kept until their request's turn, of 64 KB and what came with the last of them: 128 MB at most. */
export function createBodyPlaces(): Places {
  return createPlaces({ inAll: 1_000, perAddress: 500, waitingInAll: 0, waitingPerAddress: 0, waitMs: 0 });
}

export function kindOf(method: string, url: string): RequestKind {
  const end = url.search(/[?#]/);
  const path = end === -1 ? url : url.slice(0, end);
  if (path === "/api/submissions" && method === "POST") return "upload";
  if (path === "/api/health") return "health";
  if (path.startsWith("/api/auth/") || (path === "/sign-in" && method === "POST")) return "sign-in";
  if (path.startsWith("/_next/static/") || path === "/favicon.ico") return "file";
  return "page";
}
