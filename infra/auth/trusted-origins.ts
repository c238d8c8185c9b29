/**
 * Origins whose pages may send a signed-in reader's cookies: the site's own. On a loopback address the reader may
 * have typed either name of it, so both count.
 */
export function trustedOrigins(baseUrl: string): string[] {
  const base = new URL(baseUrl);
  const loopback = ["127.0.0.1", "localhost", "[::1]"];
  if (!loopback.includes(base.hostname)) return [base.origin];
  const port = base.port === "" ? "" : `:${base.port}`;
  return loopback.map((host) => `${base.protocol}//${host}${port}`);
}
