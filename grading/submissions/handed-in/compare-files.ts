/** Of one file in one submission. */
interface Side {
  path: string;
  bytes: number;
  sha256: string;
}

export type FileChange<File extends Side> =
  | { status: "added"; path: string; newer: File }
  | { status: "removed"; path: string; older: File }
  | { status: "changed"; path: string; older: File; newer: File };

/** What differs between two submissions, by path; files with the same bytes under the same path are left out. */
export function compareFiles<File extends Side>(
  older: readonly File[],
  newer: readonly File[],
): FileChange<File>[] {
  const before = new Map(older.map((file) => [file.path, file]));
  const after = new Map(newer.map((file) => [file.path, file]));
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths.flatMap((path): FileChange<File>[] => {
    const [was, is] = [before.get(path), after.get(path)];
    if (was === undefined) return is === undefined ? [] : [{ status: "added", path, newer: is }];
    if (is === undefined) return [{ status: "removed", path, older: was }];
    return was.sha256 === is.sha256 ? [] : [{ status: "changed", path, older: was, newer: is }];
  });
}
