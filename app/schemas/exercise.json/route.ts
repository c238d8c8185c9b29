import { z } from "zod";
import { route } from "#app/_server/route.ts";
import { exerciseJsonSchema } from "#grading/exercises/exercise-file.ts";

/** The JSON Schema of exercise.yaml: editors complete and check it. */
export const GET = route({ permission: "site.view", params: z.object({}) }, async () =>
  Response.json(exerciseJsonSchema(), {
    headers: { "Content-Type": "application/schema+json", "Cache-Control": "public, max-age=300" },
  }),
);
