import { IconFile, IconFolder } from "@tabler/icons-react";
import { formatBytes, plural } from "../format.ts";
import { PageLink } from "../page/links.tsx";
import { fileAddress, filesAddress } from "./file-address.ts";
import { kindOf } from "./language-of.ts";
import classes from "./tree.module.css";
import { type FolderNode, filesNear, treeOf } from "./tree-of.ts";
import { visibleText } from "./visible-text.ts";

/** Of more files only the folders at the top are open, and beside a file stand those of its own folder alone. */
const mostOpen = 200;
/** An exercise may take more; a page with all of them would be for no browser. */
const mostListed = 2000;

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
  const shown = open ? files : brief ? filesNear(files, current ?? "", mostOpen) : files.slice(0, mostListed);
  const left = files.length - shown.length;
  return (
    <div className={classes.tree} data-brief={brief || undefined}>
      <Level
        node={treeOf(shown)}
        {...{ submissionId, current, brief, open, plain: shown.length > mostOpen }}
      />
      {left === 0 ? null : brief ? (
        <PageLink href={filesAddress(submissionId)} className={classes.row}>
          All {files.length} files
        </PageLink>
      ) : (
        <p className={classes.row}>{plural(left, "more file")}: all of them are in the download.</p>
      )}
    </div>
  );
}

interface LevelProps extends Omit<FileTreeProps, "files"> {
  node: FolderNode;
  open: boolean;
  /** Without pictures, which would be most of a long page. */
  plain: boolean;
}

function Level({ node, ...rest }: LevelProps) {
  const { submissionId, current, brief, open, plain } = rest;
  return (
    <ul>
      {node.folders.map((folder) => (
        <li key={folder.path}>
          <details open={open || (current?.startsWith(`${folder.path}/`) ?? false)}>
            <summary className={classes.row}>
              <span className={classes.name}>
                {plain ? null : <IconFolder size={16} aria-hidden />} <b>{visibleText(folder.name)}</b>
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
              {plain ? null : <IconFile size={16} aria-hidden />} <span>{visibleText(name)}</span>
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
