import type { Metadata } from "next";
import { requirePage } from "#app/_server/page.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { findHandedIn } from "#app/_server/queries/submission/handed-in.ts";
import { FileTree } from "#app/_ui/files/file-tree.tsx";
import { NoList } from "#app/_ui/files/no-list.tsx";
import { SubmissionHead } from "#app/_ui/files/submission-head.tsx";
import { formatBytes, plural } from "#app/_ui/format.ts";
import { Panel } from "#app/_ui/page/panel.tsx";
import { Shell } from "#app/_ui/shell/shell.tsx";

export const metadata: Metadata = { title: "Files of a submission" };

interface Props {
  params: Promise<{ submission: string }>;
}

export default async function FilesPage({ params }: Props) {
  const { submission } = await params;
  const { actor, services, subject } = await requirePage("submission.view", { submission });
  const view = await findHandedIn(services, actor, subject);
  const reader = await readReader(actor, view.course);
  const { own } = view;
  const files = view.stored?.files ?? null;
  const bytes = files?.reduce((sum, file) => sum + file.bytes, 0) ?? 0;
  return (
    <Shell reader={reader} course={view.course} section={own ? "submissions" : "staff"}>
      <SubmissionHead
        view={view}
        own={own}
        tab="files"
        state={files === null ? null : `${plural(files.length, "file")}, ${formatBytes(bytes)}`}
      />
      {files === null ? (
        <NoList />
      ) : (
        <Panel title="Files" flush>
          <FileTree submissionId={view.submissionId} files={files} />
        </Panel>
      )}
    </Shell>
  );
}
