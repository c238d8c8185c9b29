"use server";

import { parseSetCookieHeader, toCookieOptions } from "better-auth/cookies";
import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { AppError } from "#course/errors.ts";
import { addressHeader } from "#infra/auth/address-header.ts";
import { localPath } from "../local-path.ts";
import type { Services } from "../services.ts";
import { action } from "./action.ts";

export interface SignInState {
  /** One sentence; null before the first try. */
  error: string | null;
  /** What was typed, so that the form keeps it. */
  email: string;
}

/** Signs in and goes on to `next`; a wrong password comes back as a sentence. */
export const signIn = action(
  {
    permission: "site.view",
    input: z.object({
      email: z.string().max(320),
      password: z.string().max(128),
      next: z.string().optional(),
    }),
    failed: (error, form): SignInState => ({ error: error.message, email: String(form.get("email") ?? "") }),
  },
  async ({ input, services }) => {
    const { email, password } = input;
    await callAuth(services, "/sign-in/email", { email: email.trim(), password });
    redirect(localPath(input.next, services.config.baseUrl));
  },
);

/** Ends this session, everywhere its cookie was copied to. */
export const signOut = action(
  {
    permission: "site.view",
    input: z.object({}),
    failed: (error): { error: string | null } => ({ error: error.message }),
  },
  async ({ services }) => {
    await callAuth(services, "/sign-out", {});
    redirect("/sign-in?out=1");
  },
);

/** better-auth's sentences by their codes, in the words of the form's labels. */
const inOurWords: Record<string, string> = {
  INVALID_EMAIL_OR_PASSWORD: "E-mail or password is wrong",
  INVALID_EMAIL: "This is no e-mail address",
};

/**
 * Calls better-auth as a browser would, through its own door: only there its rate limit and checks stand. The cookies
 * it sets go on to the reader.
 */
async function callAuth(services: Services, path: string, body: object): Promise<void> {
  const { baseUrl } = services.config;
  const sent = new Headers({ "content-type": "application/json", origin: new URL(baseUrl).origin });
  const received = await headers();
  for (const name of ["cookie", "user-agent", addressHeader]) {
    const value = received.get(name);
    if (value !== null) sent.set(name, value);
  }
  const request = new Request(`${baseUrl}/api/auth${path}`, {
    method: "POST",
    headers: sent,
    body: JSON.stringify(body),
  });
  const response = await services.auth.handler(request);
  if (!response.ok) {
    const { code, message } = z
      .object({ code: z.string().optional(), message: z.string() })
      .parse(await response.json());
    const sentence = (inOurWords[code ?? ""] ?? message).replace(/\.$/, "");
    throw new AppError({ code: "sign-in-failed", userMessage: `${sentence}.` });
  }
  const jar = await cookies();
  for (const line of response.headers.getSetCookie()) {
    for (const [name, cookie] of parseSetCookieHeader(line))
      jar.set(name, cookie.value, toCookieOptions(cookie));
  }
}
