/** A path of this site to go on to, or "/" for anything that would lead elsewhere. */
export function localPath(wanted: string | null | undefined, baseUrl: string): string {
  if (!wanted?.startsWith("/")) return "/";
  const base = new URL(baseUrl);
  const url = URL.canParse(wanted, base) ? new URL(wanted, base) : base;
  if (url.origin !== base.origin) return "/";
  // "/.//evil.example" is a path here, but "//evil.example", which it comes to, is another site.
  return `${url.pathname.replace(/^\/+/, "/")}${url.search}`;
}
