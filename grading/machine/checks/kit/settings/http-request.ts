import { z } from "zod";
import { textMatch } from "./settings.ts";

/** One request of docker/http and what its answer must be. */
export const httpRequest = z.strictObject({
  title: z.string().max(80).optional().describe("Name in messages; method and path when left out."),
  method: z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]).default("GET"),
  path: z.string().startsWith("/").max(500).default("/"),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().max(65536).optional().describe("Sent as it is; set content-type yourself."),
  status: z
    .union([z.number().int().min(100).max(599), z.array(z.number().int().min(100).max(599)).min(1)])
    .default(200)
    .describe("Status the answer must have, or several of which one must be it."),
  text: textMatch.optional().describe("What the answer's body must be."),
  json: z
    .record(
      z.string(),
      z.union([
        z.string(),
        z.number(),
        z.boolean(),
        z.null(),
        z.strictObject({ type: z.enum(["string", "number", "boolean", "object", "array"]) }),
      ]),
    )
    .optional()
    .describe(
      'Values in the JSON answer by dotted path, such as user.name or items.0; {type: number} asks for a kind of value only; "" is the whole.',
    ),
  header: z.record(z.string(), textMatch).optional().describe("What the answer's headers must be, by name."),
  seconds: z.number().min(0.1).max(120).default(5).describe("Time limit of this request."),
});
export type HttpRequest = z.output<typeof httpRequest>;
