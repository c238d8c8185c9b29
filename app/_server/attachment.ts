/**
 * Content-Disposition for a file that a student named: always saved, never shown, whatever the name tries. Old
 * clients read the plain name, all others the encoded one (RFC 6266).
 */
export function attachment(fileName: string): string {
  const base = fileName.split(/[\\/]/).at(-1) || "submission";
  const plain = base.replaceAll(/[^A-Za-z0-9._-]/g, "_");
  // A lone half of a surrogate pair cannot be encoded.
  const encoded = encodeURIComponent(base.replaceAll(/\p{Surrogate}/gu, "\uFFFD")).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
