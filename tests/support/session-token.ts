import { createHmac } from "node:crypto";

/** What signing in would have answered for this row of the session table, by the site's secret: for a bearer. */
export function sessionToken(token: string, secret: string): string {
  const signature = createHmac("sha256", secret).update(token).digest("base64");
  return encodeURIComponent(`${token}.${signature}`);
}
