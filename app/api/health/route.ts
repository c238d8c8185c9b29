import { z } from "zod";
import { checkHealth } from "#app/_server/queries/health.ts";
import { route } from "#app/_server/route.ts";

/** 200 when requests can be served, 503 with what is missing otherwise. */
export const GET = route({ permission: "site.view", params: z.object({}) }, async ({ services }) => {
  const health = await checkHealth(services);
  return Response.json(health, {
    status: health.status === "ok" ? 200 : 503,
    headers: { "Cache-Control": "no-store" },
  });
});
