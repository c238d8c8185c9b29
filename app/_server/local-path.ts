/** A path of this site to go on to, or "/" for anything that would lead elsewhere. */
export function localPath(wanted: string | null | undefined, baseUrl: string): string {
  if (!wanted?.startsWith("/")) return "/";
  const base = new URL(baseUrl);
  const url = URL.canParse(wanted, base) ? new URL(wanted, base) : base;
  return url.origin === base.origin ? `${url.pathname}${url.search}` : "/";
}
