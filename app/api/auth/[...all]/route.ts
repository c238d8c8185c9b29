import { z } from "zod";
import { withoutToken } from "#app/_server/auth-answer.ts";
import { route } from "#app/_server/route.ts";
import { AppError } from "#course/errors.ts";
import { openEndpoints } from "#infra/auth/auth.ts";

/** better-auth checks the session itself where one is needed, and answers in its own form. */
const handle = route(
  { permission: "site.view", params: z.object({ all: z.array(z.string()) }) },
  async ({ request, params, services }) => {
    const endpoint = params.all.join("/");
    if (!openEndpoints[request.method]?.includes(endpoint)) {
      throw new AppError({ code: "not-found", userMessage: "There is nothing here that you may see." });
    }
    const answer = await services.auth.handler(request);
    // better-auth keeps to itself what went wrong; where the database does not answer, asking it throws why.
    if (answer.status >= 500) await services.db.$queryRaw`SELECT 1`;
    return withoutToken(answer, endpoint);
  },
);

export { handle as GET, handle as POST };
