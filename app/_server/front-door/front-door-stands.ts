import { AppError } from "#course/errors.ts";
import type { Config } from "#infra/config/config.ts";

// The program and Next's bundles are different modules of one process: what they share is global.
const process_ = globalThis as typeof globalThis & { drydockFrontDoor?: true };

/** Said once by the program that puts the front door before Next. */
export function standFrontDoor(): void {
  process_.drydockFrontDoor = true;
}

/** Throws AppError where the built site is served without its front door: addresses would be what callers claim. */
export function requireFrontDoor({ built }: Pick<Config, "built">): void {
  if (process_.drydockFrontDoor || !built) return;
  throw new AppError({
    code: "front-door-missing",
    userMessage: "This web server was started without its front door: start it with `node dist/web.mjs`.",
    retryable: true,
  });
}
