import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { createGzip } from "node:zlib";
import { createParser } from "eventsource-parser";
import tar from "tar-stream";
import { AppError } from "#course/errors.ts";

const reconnectMs = 500;

/** What a student's own program would do: the public HTTP API and nothing else. */
export interface StudentClient {
  submit(
    exercise: string,
    folder: string,
    idempotencyKey: string,
  ): Promise<{ submissionId: string; runId: string }>;
  /** Calls onEvent for every event of the run until it is final. */
  follow(runId: string, onEvent: (type: string, data: unknown) => void): Promise<void>;
  run(runId: string): Promise<unknown>;
}

/** A session's bearer token. Throws AppError when the sign-in is refused. */
export async function signedInToken(baseUrl: string, email: string, password: string): Promise<string> {
  const answer = await fetch(`${baseUrl}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: baseUrl },
    body: JSON.stringify({ email, password }),
  });
  const token = answer.headers.get("set-auth-token");
  if (!answer.ok || !token) throw await refused("Signing in", answer);
  return token;
}

export async function signIn(baseUrl: string, email: string, password: string): Promise<StudentClient> {
  const token = await signedInToken(baseUrl, email, password);
  const headers = { authorization: `Bearer ${token}` };
  return {
    async submit(exercise, folder, idempotencyKey) {
      const query = new URLSearchParams({ exercise, name: `${path.basename(folder)}.tar.gz` });
      const response = await fetch(`${baseUrl}/api/submissions?${query}`, {
        method: "POST",
        headers: { ...headers, "content-type": "application/gzip", "idempotency-key": idempotencyKey },
        body: Readable.toWeb(packFolder(folder)) as ReadableStream,
        duplex: "half",
      } as RequestInit);
      if (!response.ok) throw await refused("Handing in", response);
      const body = (await response.json()) as { submission: { id: string }; run: { id: string } };
      return { submissionId: body.submission.id, runId: body.run.id };
    },
    async follow(runId, onEvent) {
      let lastId: string | undefined;
      let done = false;
      const parser = createParser({
        onEvent(event) {
          lastId = event.id ?? lastId;
          if (event.event === "done") done = true;
          onEvent(event.event ?? "message", event.data === "" ? null : JSON.parse(event.data));
        },
      });
      const readStream = async () => {
        const response = await fetch(`${baseUrl}/api/runs/${runId}/events`, {
          headers: { ...headers, ...(lastId === undefined ? {} : { "last-event-id": lastId }) },
        });
        if (!response.ok || !response.body) throw await refused("Following the run", response);
        parser.reset();
        const decoder = new TextDecoder();
        for await (const chunk of response.body) parser.feed(decoder.decode(chunk, { stream: true }));
      };
      // A stream may be cut at any time; the last id says where to go on.
      while (!done) {
        await overBrokenLines(readStream);
        if (!done) await pause(reconnectMs);
      }
    },
    async run(runId) {
      const response = await fetch(`${baseUrl}/api/runs/${runId}`, { headers });
      if (!response.ok) throw await refused("Reading the run", response);
      return response.json();
    },
  };
}

/** A line that breaks is nobody's answer: whoever calls asks again, and the supervisor knows whether the site is gone. */
async function overBrokenLines(read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    // What fetch throws when the connection fails or is cut.
    if (!(error instanceof TypeError)) throw error;
  }
}

async function refused(what: string, response: Response): Promise<AppError> {
  const text = await response.text();
  let message = text.slice(0, 500);
  try {
    message =
      (JSON.parse(text) as { error?: { message?: string }; message?: string }).error?.message ?? message;
  } catch {
    // Not JSON: the text itself is the best there is.
  }
  return new AppError({
    code: "request-refused",
    userMessage: `${what} failed with HTTP ${response.status}: ${message}`,
  });
}

/** A tar.gz of a folder's files, in name order. */
function packFolder(folder: string): Readable {
  const pack = tar.pack();
  const add = async (relative: string): Promise<void> => {
    const entries = await readdir(path.join(folder, relative), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = relative === "" ? entry.name : `${relative}/${entry.name}`;
      if (entry.isDirectory()) await add(name);
      else if (entry.isFile()) await addFile(name);
    }
  };
  const addFile = async (name: string): Promise<void> => {
    const file = path.join(folder, name);
    const { size, mode } = await stat(file);
    await new Promise<void>((resolve, reject) => {
      const entry = pack.entry({ name, size, mode }, (error) => (error ? reject(error) : resolve()));
      createReadStream(file).on("error", reject).pipe(entry);
    });
  };
  add("").then(
    () => pack.finalize(),
    (error: Error) => pack.destroy(error),
  );
  return pack.pipe(createGzip());
}
