import { on } from "node:events";
import { pipeline, Readable } from "node:stream";
import busboy from "busboy";
import { AppError } from "#course/errors.ts";
import { besidesEachFileBytes, besidesFilesBytes } from "#grading/submissions/form-overhead.ts";
import { sizeInWords } from "#grading/submissions/refusals/size-in-words.ts";
import type { IncomingFile } from "#grading/submissions/submission-types.ts";

export interface Multipart {
  /** Text fields that came before the first file. */
  fields: Map<string, string>;
  /** Files in the order they arrive, each to be read to its end before the next one is asked for. */
  files: AsyncIterable<IncomingFile>;
}

type FileEvent = [field: string, stream: Readable, info: { filename: string }];

/** Small files are parsed faster than they are stored: so much of them waits in memory, then the sender does. */
const aheadBytes = 1024 * 1024;

/** Files are counted by whoever reads them, against what the exercise takes; the rest is counted here. */
interface Count {
  arrived: number;
  files: number;
  inFiles: number;
  read: number;
  /** Called when some of a file was read. */
  onRead: () => void;
}

/**
 * Parses a multipart form while it arrives; resolves at its first file. What breaks the form off is thrown by the
 * file that was being read, or by `files`: AppError body-too-large when it holds too much besides its files. Throws
 * AppError when it is no multipart form at all.
 */
export async function openMultipart(source: Readable, contentType: string): Promise<Multipart> {
  const parser = createParser(contentType);
  const fields = new Map<string, string>();
  const count: Count = { arrived: 0, files: 0, inFiles: 0, read: 0, onRead: () => undefined };
  parser.on("field", (name: string, value: string) => fields.set(name, value));
  // Whoever reads a file sees its error; a file that nobody read yet must not end the process.
  parser.on("file", (_field: string, stream: Readable, info: { filename: string }) => {
    stream.on("error", () => undefined);
    if (info.filename) countInto(stream, count);
  });
  const events = on(parser, "file", { close: ["close"] }) as AsyncIterableIterator<FileEvent>;
  // Errors reach the reader through `events`, also those that come after it stopped listening.
  parser.on("error", () => undefined);
  pipeline(
    source,
    (chunks: AsyncIterable<Buffer>) => bounded(chunks, count),
    parser,
    () => undefined,
  );
  const first = events.next();
  // Its failure is thrown by `files`, so that an upload that broke off before its first file is refused like others.
  await first.catch(() => undefined);
  return { fields, files: filesOf(first, events, count) };
}

/** What the parser was given and did not find to be of a file is besides them. */
async function* bounded(chunks: AsyncIterable<Buffer>, count: Count): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    const besides = count.arrived - count.inFiles;
    if (besides > besidesFilesBytes + count.files * besidesEachFileBytes) {
      throw new AppError({
        code: "body-too-large",
        userMessage: `The form holds more than ${sizeInWords(besidesFilesBytes)} besides its files: send the files in parts with a filename, and of fields only idempotencyKey.`,
      });
    }
    while (count.inFiles - count.read > aheadBytes) {
      await new Promise<void>((resolve) => {
        count.onRead = resolve;
      });
    }
    count.arrived += chunk.length;
    yield chunk;
  }
}

/** The parser hands a file's bytes over by push, before anybody reads them. */
function countInto(stream: Readable, count: Count): void {
  count.files += 1;
  const push = stream.push.bind(stream);
  stream.push = (chunk: Buffer | null) => {
    count.inFiles += chunk?.length ?? 0;
    return push(chunk);
  };
}

async function* counted(stream: Readable, count: Count): AsyncGenerator<Buffer> {
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    count.read += chunk.length;
    count.onRead();
    yield chunk;
  }
}

async function* filesOf(
  first: Promise<IteratorResult<FileEvent>>,
  events: AsyncIterableIterator<FileEvent>,
  count: Count,
): AsyncGenerator<IncomingFile> {
  try {
    for (let next = await first; !next.done; next = await events.next()) {
      const [, stream, info] = next.value;
      // A form whose file field was left empty sends one file without a name.
      if (info.filename) {
        yield { name: info.filename, stream: Readable.from(counted(stream, count), { objectMode: false }) };
      } else stream.resume();
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
