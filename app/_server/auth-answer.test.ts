import { expect, test } from "vitest";
import { withoutToken } from "./auth-answer.ts";

const answer = (body: unknown) =>
  new Response(JSON.stringify(body), {
    status: 200,
    headers: {
      "set-cookie": "drydock.session_token=t.s",
      "set-auth-token": "t.s",
      "content-type": "application/json",
    },
  });

test("no answer's JSON holds the session's token, and all else stays", async () => {
  const read = async (body: unknown) => (await withoutToken(answer(body), "get-session")).json();
  expect(await read({ session: { id: "ses_1", token: "t" }, user: { id: "usr_1" } })).toEqual({
    session: { id: "ses_1" },
    user: { id: "usr_1" },
  });
  expect(await read({ redirect: false, token: "t", user: { id: "usr_1" } })).toEqual({
    redirect: false,
    user: { id: "usr_1" },
  });
  expect(await read(null)).toBeNull();
});

test("only signing in gives it in the header, and cookies go on", async () => {
  const signedIn = await withoutToken(answer({ token: "t" }), "sign-in/email");
  expect(signedIn.headers.get("set-auth-token")).toBe("t.s");
  const refreshed = await withoutToken(answer({ session: { token: "t" } }), "get-session");
  expect(refreshed.headers.get("set-auth-token")).toBeNull();
  expect(refreshed.headers.getSetCookie()).toHaveLength(1);
});
