import { call, type Person } from "#tests/e2e/support/people.ts";
import type { TestWeb } from "#tests/e2e/support/start-web.ts";

/** Where work is handed in for the exercise of a seeded course. */
export const uploadTo = (courseSlug: string) =>
  `/api/submissions?exercise=${courseSlug}/tutorial-7/docker-containers&name=work.zip`;

/** Hands in by this person's program; as nobody's when there is none. */
export const upload = (
  web: TestWeb,
  person: Person | null,
  to: string,
  body: BodyInit,
  headers: Record<string, string> = {},
) => call(web, person, to, { method: "POST", body, headers });

/** The fields that a page's form sends. key: its idempotency key. */
export function uploadForm(files: [name: string, content: BlobPart][], key?: string): FormData {
  const data = new FormData();
  if (key !== undefined) data.append("idempotencyKey", key);
  for (const [name, content] of files) data.append("files", new Blob([content]), name);
  return data;
}

export const errorOf = async (answer: Response) =>
  ((await answer.json()) as { error: { code: string; message: string } }).error;
