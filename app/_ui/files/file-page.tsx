import { IconDownload } from "@tabler/icons-react";
import type { FileView } from "#app/_server/queries/submission/file-view.ts";
import { formatBytes, plural } from "../format.ts";
import { LinkButton } from "../page/links.tsx";
import { Notice } from "../page/notice.tsx";
import { EmptyState, Panel } from "../page/panel.tsx";
import { CodeBox } from "./code-box.tsx";
import { fileBytesAddress } from "./file-address.ts";
import { FileTools } from "./file-tools.tsx";
import { FileTree } from "./file-tree.tsx";
import classes from "./files.module.css";
import { kindOf } from "./language-of.ts";
import { visibleText } from "./visible-text.ts";

interface FilePageProps {
  submissionId: string;
  files: readonly { path: string; bytes: number }[];
  file: { path: string; bytes: number };
  view: FileView;
}

/** One file beside the others of its submission. */
export function FilePage({ submissionId, files, file, view }: FilePageProps) {
  const shown = visibleText(file.path);
  const address = fileBytesAddress(submissionId, file.path);
  return (
    <div className={classes.beside}>
      <details className={classes.others}>
        <summary>{plural(files.length, "file")}</summary>
        <FileTree {...{ submissionId, files, current: file.path }} brief />
      </details>
      <nav className={classes.side} aria-label="Files">
        <FileTree {...{ submissionId, files, current: file.path }} brief />
      </nav>
      <Panel
        title={shown}
        aside={
          <div className={classes.tools}>
            <span className={classes.facts}>{factsOf(file, view)}</span>
            {view.kind === "text" ? <FileTools code={codeId} partly={view.cut} /> : null}
            <LinkButton
              href={address}
              download
              size="compact-sm"
              variant="default"
              leftSection={<IconDownload size={14} aria-hidden />}
            >
              Download
            </LinkButton>
          </div>
        }
        flush
      >
        <FileContent view={view} label={shown} address={address} />
      </Panel>
    </div>
  );
}

const codeId = "code";

function factsOf({ path, bytes }: FilePageProps["file"], view: FileView): string {
  const kind = kindOf(path).word;
  const lines = view.kind === "text" && !view.cut ? [plural(view.lines.length, "line")] : [];
  return [kind, formatBytes(bytes), ...lines].join(" · ");
}

function FileContent({ view, label, address }: { view: FileView; label: string; address: string }) {
  if (view.kind === "unreadable") {
    return (
      <div className={classes.said}>
        <Notice tone="bad">The submission cannot be read. {view.message}</Notice>
      </div>
    );
  }
  if (view.kind === "binary") {
    return (
      <EmptyState title="This file is not text.">
        It is not shown here; download it to open it with a program of your own.
      </EmptyState>
    );
  }
  if (view.kind === "image") {
    return (
      <div className={classes.image}>
        {/* biome-ignore lint/performance/noImgElement: a student's file is served as it is, by a route that asks who looks */}
        <img src={`${address}?as=image`} alt={`What ${label} shows`} />
      </div>
    );
  }
  if (view.lines.length === 0) {
    return <EmptyState title="This file is empty.">It has not one line.</EmptyState>;
  }
  return (
    <>
      {view.cut ? (
        <div className={classes.said}>
          <Notice tone="info">
            Only the first {plural(view.lines.length, "line")} are shown: the file is longer than a page can
            hold. Download it to see the rest.
          </Notice>
        </div>
      ) : null}
      <CodeBox id={codeId} label={label} lines={view.lines} />
      {view.plain === null ? null : (
        <p className={classes.plain}>
          {view.plain === "too-long"
            ? "Shown without colours: it is longer than what is coloured."
            : "Shown without colours: colouring it took too long."}
        </p>
      )}
    </>
  );
}
