import { ApiException, type V1Status } from "@kubernetes/client-node";
import { z } from "zod";

/** What the API server said when it refused a request. */
export interface ApiRefusal {
  /** HTTP status. */
  code: number;
  /** The server's own word, such as Forbidden, Invalid, NotFound, AlreadyExists, Conflict; empty when it gave none. */
  reason: string;
  /** The server's own sentence. */
  message: string;
  /** Fields that are wrong, each with what is wrong with it. */
  causes: { field: string; reason: string; message: string }[];
}

/** Thrown by requestApi for every status outside of 200 to 299. */
export class ApiRefused extends Error {
  override readonly name = "ApiRefused";
  constructor(
    readonly request: string,
    readonly code: number,
    readonly body: string,
  ) {
    super(`${request} was answered with ${code}: ${body.slice(0, 2000)}`);
  }
}

const status = z.object({
  message: z.string().default(""),
  reason: z.string().default(""),
  details: z
    .object({
      causes: z
        .array(
          z.object({
            field: z.string().default(""),
            reason: z.string().default(""),
            message: z.string().default(""),
          }),
        )
        .nullish(),
    })
    .nullish(),
});

/** The API server's refusal inside an error of requestApi or of the typed clients; null when it is another error. */
export function apiRefusal(error: unknown): ApiRefusal | null {
  if (error instanceof ApiRefused) return refusalOf(error.code, error.body);
  if (error instanceof ApiException)
    return refusalOf(error.code, error.body as V1Status | string | undefined);
  return null;
}

/** Whether the API server said that there is no such object. */
export const isNotFound = (error: unknown) => apiRefusal(error)?.code === 404;

function refusalOf(code: number, body: V1Status | string | undefined): ApiRefusal {
  const parsed = status.safeParse(typeof body === "string" ? parseJson(body) : body);
  if (!parsed.success)
    return { code, reason: "", message: typeof body === "string" ? body.trim() : "", causes: [] };
  const { message, reason, details } = parsed.data;
  return { code, reason, message, causes: details?.causes ?? [] };
}

/** Answers that are no JSON are sentences. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
