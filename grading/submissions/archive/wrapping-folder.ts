/**
 * The single top folder that wraps all files and is taken off their paths, as the server and the browser read what is
 * handed in; null when there is none, and when the exercise requires files in that very folder.
 */
export function wrappingFolder(
  files: readonly { path: string }[],
  requiredFiles: readonly string[],
): string | null {
  const top = `${files[0]?.path.split("/")[0] ?? ""}/`;
  const wraps = files.length > 0 && files.every((file) => file.path.startsWith(top));
  return wraps && !requiredFiles.some((required) => required.startsWith(top)) ? top.slice(0, -1) : null;
}
