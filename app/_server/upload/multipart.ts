import { on } from "node:events";
import { pipeline, type Readable } from "node:stream";
import busboy from "busboy";
import { AppError } from "#course/errors.ts";
import type { IncomingFile } from "#grading/submissions/submission-types.ts";

export interface Multipart {
  /** Text fields that came before the first file. */
  fields: Map<string, string>;
  /** Files in the order they arrive, each to be read to its end before the next one is asked for. */
  files: AsyncIterable<IncomingFile>;
}

type FileEvent = [field: string, stream: Readable, info: { filename: string }];

/**
 * Parses a multipart form while it arrives; resolves at its first file. What breaks the form off is thrown by the
 * file that was being read, or by `files`. Throws AppError when it is no multipart form at all.
 */
export async function openMultipart(source: Readable, contentType: string): Promise<Multipart> {
  const parser = createParser(contentType);
  const fields = new Map<string, string>();
  parser.on("field", (name: string, value: string) => fields.set(name, value));
  // Whoever reads a file sees its error; a file that nobody read yet must not end the process.
  parser.on("file", (_field: string, stream: Readable) => stream.on("error", () => undefined));
  const events = on(parser, "file", { close: ["close"] }) as AsyncIterableIterator<FileEvent>;
  // Errors reach the reader through `events`, also those that come after it stopped listening.
  parser.on("error", () => undefined);
  pipeline(source, parser, () => undefined);
  const first = events.next();
  // Its failure is thrown by `files`, so that an upload that broke off before its first file is refused like others.
  await first.catch(() => undefined);
  return { fields, files: filesOf(first, events) };
}

async function* filesOf(
  first: Promise<IteratorResult<FileEvent>>,
  events: AsyncIterableIterator<FileEvent>,
): AsyncGenerator<IncomingFile> {
  try {
    for (let next = await first; !next.done; next = await events.next()) {
      const [, stream, info] = next.value;
      // A form whose file field was left empty sends one file without a name.
      if (info.filename) yield { name: info.filename, stream };
      else stream.resume();
    }
  } finally {
    await events.return?.();
  }
}

function createParser(contentType: string): busboy.Busboy {
  try {
    return busboy({
      headers: { "content-type": contentType },
      preservePath: true,
      defParamCharset: "utf8",
      limits: { fieldNameSize: 100, fieldSize: 1000, fields: 50 },
    });
  } catch (cause) {
    throw new AppError({
      code: "bad-request",
      userMessage:
        "The form's Content-Type names no boundary: let the client set it, as fetch does for FormData.",
      cause,
    });
  }
}
