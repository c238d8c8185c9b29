import { z } from "zod";

/** Where better-auth puts a session's token into its answers. */
const withToken = z.looseObject({
  token: z.unknown().optional(),
  session: z.looseObject({ token: z.unknown().optional() }).optional(),
});

/**
 * better-auth's answer without the session's token: a script in a page may read what is answered, and must not carry
 * a session off. Only a program that signs in with a password gets it, in the header that it asks for.
 */
export async function withoutToken(answer: Response, endpoint: string): Promise<Response> {
  const headers = new Headers(answer.headers);
  if (endpoint !== "sign-in/email") {
    headers.delete("set-auth-token");
    headers.delete("access-control-expose-headers");
  }
  const text = await answer.text();
  headers.delete("content-length");
  const { status } = answer;
  const parsed = withToken.safeParse(parseJson(text));
  if (!parsed.success) return new Response(text === "" ? null : text, { status, headers });
  const { token: _token, session, ...rest } = parsed.data;
  const { token: _own, ...shown } = session ?? {};
  return new Response(JSON.stringify(session ? { session: shown, ...rest } : rest), { status, headers });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No JSON holds no token in JSON.
    return undefined;
  }
}
