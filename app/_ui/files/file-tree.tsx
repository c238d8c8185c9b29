import { IconFile, IconFolder } from "@tabler/icons-react";
import { formatBytes, plural } from "../format.ts";
import { PageLink } from "../page/links.tsx";
import { fileAddress } from "./file-address.ts";
import { kindOf } from "./language-of.ts";
import classes from "./tree.module.css";
import { type FolderNode, treeOf } from "./tree-of.ts";
import { visibleText } from "./visible-text.ts";

/** Of more files only the folders at the top are open. */
const mostOpen = 200;

interface FileTreeProps {
  submissionId: string;
  files: readonly { path: string; bytes: number }[];
  /** The file that the page shows; its folders are open. */
  current?: string;
  /** Beside a file there is room for names alone. */
  brief?: boolean;
}

/** The folders and files of a submission; folders fold without a script. */
export function FileTree({ submissionId, files, current, brief }: FileTreeProps) {
  const open = files.length <= mostOpen;
  return (
    <div className={classes.tree} data-brief={brief || undefined}>
      <Level node={treeOf(files)} {...{ submissionId, current, brief, open }} />
    </div>
  );
}

interface LevelProps extends Omit<FileTreeProps, "files"> {
  node: FolderNode;
  open: boolean;
}

function Level({ node, ...rest }: LevelProps) {
  const { submissionId, current, brief, open } = rest;
  return (
    <ul>
      {node.folders.map((folder) => (
        <li key={folder.path}>
          <details open={open || (current?.startsWith(`${folder.path}/`) ?? false)}>
            <summary className={classes.row}>
              <span className={classes.name}>
                <IconFolder size={16} aria-hidden /> <b>{visibleText(folder.name)}</b>
              </span>
              {brief ? null : (
                <>
                  <span className={classes.kind}>{plural(folder.count, "file")}</span>
                  <span className={classes.size}>{formatBytes(folder.bytes)}</span>
                </>
              )}
            </summary>
            <Level node={folder} {...rest} />
          </details>
        </li>
      ))}
      {node.files.map(({ name, path, bytes }) => (
        <li key={path}>
          <PageLink
            href={fileAddress(submissionId, path)}
            className={classes.row}
            aria-current={path === current ? "page" : undefined}
          >
            <span className={classes.name}>
              <IconFile size={16} aria-hidden /> <span>{visibleText(name)}</span>
            </span>
            {brief ? null : (
              <>
                <span className={classes.kind}>{kindOf(path).word}</span>
                <span className={classes.size}>{formatBytes(bytes)}</span>
              </>
            )}
          </PageLink>
        </li>
      ))}
    </ul>
  );
}
