import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { requirePage } from "#app/_server/page.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { readFileView } from "#app/_server/queries/submission/file-view.ts";
import { findHandedIn } from "#app/_server/queries/submission/handed-in.ts";
import { pathOfParts } from "#app/_ui/files/file-address.ts";
import { FilePage } from "#app/_ui/files/file-page.tsx";
import { kindOf } from "#app/_ui/files/language-of.ts";
import { NoList } from "#app/_ui/files/no-list.tsx";
import { SubmissionHead } from "#app/_ui/files/submission-head.tsx";
import { visibleText } from "#app/_ui/files/visible-text.ts";
import { plural } from "#app/_ui/format.ts";
import { Shell } from "#app/_ui/shell/shell.tsx";

interface Props {
  params: Promise<{ submission: string; path: string[] }>;
}

/**
 * What the address says, which is no secret to whoever typed it. Next gives its parts decoded here, and encoded to the
 * page itself.
 */
export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: visibleText((await params).path.join("/")).slice(0, 200) };
}

export default async function OneFilePage({ params }: Props) {
  const { submission, path: parts } = await params;
  const { actor, services, subject } = await requirePage("submission.view", { submission });
  const view = await findHandedIn(services, actor, subject);
  const path = pathOfParts(parts);
  const file = view.stored?.files.find((one) => one.path === path);
  if (view.stored !== null && file === undefined) notFound();
  const reader = await readReader(actor, view.course);
  const { own } = view;
  return (
    <Shell reader={reader} course={view.course} section={own ? "submissions" : "staff"} wide>
      <SubmissionHead
        view={view}
        own={own}
        tab="files"
        state={view.stored === null ? null : plural(view.stored.files.length, "file")}
      />
      {view.stored === null || file === undefined ? (
        <NoList />
      ) : (
        <FilePage
          submissionId={view.submissionId}
          files={view.stored.files}
          file={file}
          view={
            await readFileView(services, actor.userId, view.stored, {
              path: file.path,
              language: kindOf(file.path).language,
            })
          }
        />
      )}
    </Shell>
  );
}
