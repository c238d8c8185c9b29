import { z } from "zod";
import { route } from "#app/_server/route.ts";

/** The public keys with which anybody checks a receipt (RFC 7517). */
export const GET = route({ permission: "site.view", params: z.object({}) }, async ({ services }) =>
  Response.json(await services.receiptKeys.published(), {
    headers: { "Content-Type": "application/jwk-set+json", "Cache-Control": "public, max-age=300" },
  }),
);
