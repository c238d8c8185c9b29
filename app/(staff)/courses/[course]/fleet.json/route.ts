import { z } from "zod";
import { privateJson } from "#app/_server/answer.ts";
import { readFleet } from "#app/_server/queries/fleet/machines.ts";
import { readSpend } from "#app/_server/queries/fleet/spend.ts";
import { route } from "#app/_server/route.ts";

/** What the fleet page shows, for programs. */
export const GET = route(
  {
    permission: "machine.list",
    params: z.object({ course: z.string() }),
    subject: ({ course }) => ({ course }),
  },
  async ({ subject: { courseId }, services }) => {
    const [fleet, spend] = await Promise.all([readFleet(services, courseId), readSpend(services, courseId)]);
    return privateJson({ fleet, spend });
  },
);
