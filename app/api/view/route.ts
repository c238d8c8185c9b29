import { z } from "zod";
import { viewCookie } from "#app/_server/access/actor.ts";
import { privateJson, wantsPage } from "#app/_server/answer.ts";
import { localPath } from "#app/_server/local-path.ts";
import { route } from "#app/_server/route.ts";

/** Staff see their courses as a student does, or no more; until the browser is closed. Nobody may more by it. */
export const POST = route(
  { permission: "site.view", params: z.object({ as: z.enum(["student", "staff"]) }) },
  async ({ request, params, services }) => {
    const { baseUrl } = services.config;
    const secure = baseUrl.startsWith("https:") ? "; Secure" : "";
    const kept = params.as === "student" ? `${viewCookie}=student` : `${viewCookie}=; Max-Age=0`;
    const answer = wantsPage(request)
      ? new Response(null, { status: 303, headers: { Location: pageBefore(request, baseUrl) } })
      : privateJson({ as: params.as });
    answer.headers.set("Set-Cookie", `${kept}; Path=/; HttpOnly; SameSite=Lax${secure}`);
    return answer;
  },
);

/** The page on which the form was; one of staff's alone is not there any more, so then the reader's home. */
function pageBefore(request: Request, baseUrl: string): string {
  const referer = request.headers.get("referer");
  const path = referer !== null && URL.canParse(referer) ? new URL(referer).pathname : null;
  const course = path === null ? null : /^\/courses\/[\w-]+/.exec(path)?.[0];
  return localPath(course ?? "/", baseUrl);
}
