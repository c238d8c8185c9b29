import { call, type Person } from "./people.ts";
import type { TestWeb } from "./start-web.ts";

/**
 * Sends one form of a page as a browser without JavaScript does: the hidden fields of the page's own form, and what
 * was typed. field: the name of a field that only this form has.
 */
export async function sendPlainForm(
  web: TestWeb,
  person: Person | null,
  form: {
    page: string;
    field: string;
    typed: Record<string, string>;
    headers?: Record<string, string>;
  },
): Promise<Response> {
  const cookie: Record<string, string> = person ? { cookie: person.cookie } : {};
  const page = await (await call(web, null, form.page, { headers: cookie })).text();
  const own = [...page.matchAll(/<form\b[^>]*>.*?<\/form>/gs)].find(([html]) =>
    html.includes(` name="${form.field}"`),
  );
  if (!own) throw new Error(`${form.page} has no form with a field ${form.field}.`);
  return postForm(web, person, form.page, { ...hiddenFields(own[0]), ...form.typed }, form.headers);
}

/** Posts fields to a page from its own origin. */
export function postForm(
  web: TestWeb,
  person: Person | null,
  page: string,
  fields: Record<string, string>,
  more: Record<string, string> = {},
): Promise<Response> {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  const headers = { origin: web.baseUrl, ...(person ? { cookie: person.cookie } : {}), ...more };
  return call(web, null, page, { method: "POST", body: data, headers });
}

/** The hidden inputs of a form's HTML, by name. */
export function hiddenFields(html: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [tag] of html.matchAll(/<input\b[^>]*type="hidden"[^>]*>/g)) {
    const attribute = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? "";
    fields[attribute("name")] = attribute("value").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
  }
  return fields;
}
