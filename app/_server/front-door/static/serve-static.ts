import type { IncomingMessage, RequestListener } from "node:http";
import { acceptedEncoding, type Encoding } from "./accepted-encoding.ts";
import type { StaticFile } from "./static-files.ts";

/** The name of every file of the build has a hash in it: what it once held it always holds. */
const forEver = "public, max-age=31536000, immutable";

/**
 * Answers for the files of the build, each in the smallest form that the browser takes, made once at the build: Next
 * would pack them anew for every reader, and less well. All else goes on to `next`. Few headers on purpose: a page
 * asks for a dozen files, and what guards pages means nothing for them.
 */
export function serveStatic(files: ReadonlyMap<string, StaticFile>, next: RequestListener): RequestListener {
  return (request, response) => {
    const [path = "/"] = (request.url ?? "/").split("?");
    const file = request.method === "GET" || request.method === "HEAD" ? files.get(path) : undefined;
    if (file === undefined) return next(request, response);
    const encoding = acceptedEncoding(
      textOf(request.headers["accept-encoding"]),
      Object.keys(file.packed) as Encoding[],
    );
    const body = encoding === null ? file.plain : (file.packed[encoding] ?? file.plain);
    const tag = `"${encoding === null ? file.hash : `${file.hash}-${encoding}`}"`;
    const shared = {
      "Cache-Control": forEver,
      ETag: tag,
      ...(Object.keys(file.packed).length > 0 ? { Vary: "Accept-Encoding" } : {}),
    };
    if (sameTag(request, tag)) {
      response.writeHead(304, shared);
      response.end();
      return;
    }
    response.writeHead(200, {
      "Content-Type": file.type,
      "Content-Length": body.length,
      ...(encoding === null ? {} : { "Content-Encoding": encoding }),
      ...shared,
      "X-Content-Type-Options": "nosniff",
    });
    response.end(request.method === "HEAD" ? undefined : body);
  };
}

function sameTag(request: IncomingMessage, tag: string): boolean {
  const asked = textOf(request.headers["if-none-match"]);
  return (asked ?? "").split(",").some((one) => one.trim().replace(/^W\//, "") === tag);
}

/** Node joins what came several times with commas, but its types do not say so. */
function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(",") : header;
}
