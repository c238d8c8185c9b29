import type { Metadata } from "next";
import { requirePage } from "#app/_server/page.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { findSubmissionPage } from "#app/_server/queries/submission/submission-page.ts";
import { refusedSentence } from "#app/_server/refused-words.ts";
import { SubmissionView } from "#app/_ui/course/submission-view.tsx";
import { Shell } from "#app/_ui/shell/shell.tsx";

export const metadata: Metadata = { title: "Submission" };

interface Props {
  params: Promise<{ submission: string }>;
  searchParams: Promise<{ refused?: string | string[] }>;
}

export default async function SubmissionPage({ params, searchParams }: Props) {
  const { submission } = await params;
  const { refused } = await searchParams;
  const { actor, services, subject } = await requirePage("submission.view", { submission });
  const view = await findSubmissionPage(services, actor, subject);
  const reader = await readReader(actor, view.course);
  return (
    <Shell
      reader={reader}
      course={view.course}
      section={view.student.id === actor.userId ? "submissions" : "staff"}
    >
      <SubmissionView
        view={view}
        own={view.student.id === actor.userId}
        staff={reader.isStaff}
        refused={refusedSentence(refused)}
        zones={{ reader: reader.zone, course: view.course.timeZone }}
      />
    </Shell>
  );
}
