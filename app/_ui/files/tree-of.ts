export interface FolderNode {
  name: string;
  path: string;
  folders: FolderNode[];
  files: { name: string; path: string; bytes: number }[];
  /** In it and in all folders below. */
  count: number;
  bytes: number;
}

/** Folders of a flat list, each with its folders before its files, by name; the root's name is empty. */
export function treeOf(files: readonly { path: string; bytes: number }[]): FolderNode {
  const root = folder("", "");
  const known = new Map([["", root]]);
  const folderAt = (path: string): FolderNode => {
    const found = known.get(path);
    if (found) return found;
    const cut = path.lastIndexOf("/");
    const made = folder(path.slice(cut + 1), path);
    known.set(path, made);
    folderAt(cut < 0 ? "" : path.slice(0, cut)).folders.push(made);
    return made;
  };
  for (const { path, bytes } of files) {
    const cut = path.lastIndexOf("/");
    folderAt(cut < 0 ? "" : path.slice(0, cut)).files.push({ name: path.slice(cut + 1), path, bytes });
  }
  return summedUp(root);
}

const folder = (name: string, path: string): FolderNode => ({
  ...{ name, path, folders: [], files: [] },
  ...{ count: 0, bytes: 0 },
});

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);

/** An entry lies at most 32 folders deep, so this does not either. */
function summedUp(node: FolderNode): FolderNode {
  const folders = node.folders.map(summedUp).sort(byName);
  const sum = (of: "count" | "bytes") => folders.reduce((total, one) => total + one[of], 0);
  return {
    ...node,
    folders,
    files: node.files.sort(byName),
    count: node.files.length + sum("count"),
    bytes: node.files.reduce((total, { bytes }) => total + bytes, 0) + sum("bytes"),
  };
}

/** Those in the folder of the file at this path, some around it where there are more than `most`. */
export function filesNear<File extends { path: string }>(
  files: readonly File[],
  current: string,
  most: number,
): File[] {
  const folderOf = (path: string) => path.slice(0, path.lastIndexOf("/") + 1);
  const beside = files
    .filter(({ path }) => folderOf(path) === folderOf(current))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const at = beside.findIndex(({ path }) => path === current);
  const from = Math.max(0, Math.min(at - Math.floor(most / 2), beside.length - most));
  return beside.slice(from, from + most);
}
