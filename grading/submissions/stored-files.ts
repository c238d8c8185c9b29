import { z } from "zod";
import { storedKind } from "#course/stored-json.ts";

/** submission.files: what the archive was listed to hold. */
export const storedFiles = storedKind(
  "list of files",
  z.array(z.object({ path: z.string(), bytes: z.number() })),
);
