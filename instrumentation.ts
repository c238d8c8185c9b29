import { referenceHeader } from "#app/_server/front-door/failures/failure-header.ts";
import { createLogger } from "#infra/telemetry/logger.ts";

const log = createLogger({ name: "web", level: "info" });

/**
 * Next calls it for whatever fails while a page is made. Its own line says the digest on standard error only, as text;
 * this one is JSON, and has both what the page names: the reference of a document, the digest of a part of one that the
 * browser's script asked for (equal for all failures of one kind).
 */
export function onRequestError(
  err: unknown,
  request: { path: string; method: string; headers: Record<string, string | string[] | undefined> },
  context: { routePath: string },
): void {
  const digest = err instanceof Error && "digest" in err ? err.digest : undefined;
  const { path, method } = request;
  const reference = request.headers[referenceHeader];
  log.error({ err, reference, digest, method, path, route: context.routePath }, "A page failed.");
}
