import type { Metadata } from "next";
import { cache } from "react";
import { requirePage } from "#app/_server/page.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { findSubmissionPage } from "#app/_server/queries/submission/submission-page.ts";
import { refusedSentence } from "#app/_server/refused-words.ts";
import { SubmissionView } from "#app/_ui/course/submission-view.tsx";
import { Shell } from "#app/_ui/shell/shell.tsx";

interface Props {
  params: Promise<{ submission: string }>;
  searchParams: Promise<{ refused?: string | string[] }>;
}

/** Read once a request, for the title and for the page itself. */
const readSubmission = cache(async (submission: string) => {
  const { actor, services, subject } = await requirePage("submission.view", { submission });
  return { actor, view: await findSubmissionPage(services, actor, subject) };
});

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { view } = await readSubmission((await params).submission);
  const whose = view.own ? "" : ` of ${view.student.name}`;
  return { title: `Submission ${view.number}${whose} · ${view.exercise.title}` };
}

export default async function SubmissionPage({ params, searchParams }: Props) {
  const { submission } = await params;
  const { refused } = await searchParams;
  const { actor } = await requirePage("submission.view", { submission });
  const { view } = await readSubmission(submission);
  const reader = await readReader(actor, view.course);
  return (
    <Shell
      reader={reader}
      course={view.course}
      section={view.own ? "submissions" : "staff"}
    >
      <SubmissionView
        view={view}
        own={view.own}
        staff={reader.isStaff}
        refused={refusedSentence(refused)}
        zones={{ reader: reader.zone, course: view.course.timeZone }}
      />
    </Shell>
  );
}
