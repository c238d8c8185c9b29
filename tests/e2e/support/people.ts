import { ensureUser, type WantedEnrollment } from "#infra/auth/ensure-user.ts";
import type { TestWeb } from "./start-web.ts";

export interface Person {
  userId: string;
  email: string;
  password: string;
  /** For Authorization: Bearer. */
  token: string;
  /** As a browser sends it. */
  cookie: string;
}

type SignedInTo = { baseUrl: string; database: Pick<TestWeb["database"], "db"> };

const password = "correct horse battery";
let made = 0;

/** A person with these enrollments, signed in over HTTP like everybody else. */
export async function addPerson(
  web: TestWeb,
  name: string,
  enrollments: WantedEnrollment[] = [],
): Promise<Person> {
  made += 1;
  const email = `${name.toLowerCase().replaceAll(" ", ".")}.${made}@example.edu`;
  const { userId } = await ensureUser({ db: web.database.db, email, name, password, enrollments });
  return signedIn(web, { userId, email });
}

/** Somebody who is there already, given a password and signed in with it. */
export async function signInAs(web: SignedInTo, who: { userId: string; email: string }): Promise<Person> {
  const { db } = web.database;
  const { name } = await db.user.findUniqueOrThrow({ where: { id: who.userId }, select: { name: true } });
  await ensureUser({ db, email: who.email, name, password, enrollments: [] });
  return signedIn(web, who);
}

async function signedIn(
  web: Pick<TestWeb, "baseUrl">,
  { userId, email }: { userId: string; email: string },
): Promise<Person> {
  const answer = await fetch(`${web.baseUrl}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: web.baseUrl },
    body: JSON.stringify({ email, password }),
  });
  const token = answer.headers.get("set-auth-token");
  const cookie = answer.headers.getSetCookie()[0]?.split(";")[0];
  if (!answer.ok || !token || !cookie) throw new Error(`${email} could not sign in: ${await answer.text()}`);
  return { userId, email, password, token, cookie };
}

/** A student of TCSS 562 and a TA of the course. */
export async function addStudentAndTa(
  web: TestWeb,
  course: string,
  names: { student: string; ta: string },
): Promise<{ student: Person; ta: Person }> {
  return {
    student: await addPerson(web, names.student, [{ course, role: "student", section: "TCSS 562" }]),
    ta: await addPerson(web, names.ta, [{ course, role: "ta", section: null }]),
  };
}

/** A request as this person's program sends it; as nobody's when there is none. */
export function call(
  web: TestWeb,
  person: Person | null,
  path: string,
  init: RequestInit & { duplex?: "half" } = {},
): Promise<Response> {
  const headers = new Headers(init.headers);
  if (person) headers.set("authorization", `Bearer ${person.token}`);
  return fetch(`${web.baseUrl}${path}`, { redirect: "manual", ...init, headers });
}
