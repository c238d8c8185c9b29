import { IconDownload } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { HandedInView } from "#app/_server/queries/submission/handed-in.ts";
import { LinkButton } from "../page/links.tsx";
import { PageHead } from "../page/page-head.tsx";
import { exerciseCrumbs } from "../run/run-crumbs.ts";
import { type SubmissionTab, SubmissionTabs } from "./submission-tabs.tsx";

interface SubmissionHeadProps {
  view: HandedInView;
  /** The reader handed it in. */
  own: boolean;
  tab: SubmissionTab;
  state: ReactNode;
}

/** The top of the pages that show what is in a submission. */
export function SubmissionHead({ view, own, tab, state }: SubmissionHeadProps) {
  const { submissionId } = view;
  return (
    <>
      <PageHead
        crumbs={exerciseCrumbs(view)}
        title={`Submission ${view.number}${own ? "" : ` of ${view.student.name}`}`}
        state={state}
        actions={
          <LinkButton
            href={`/api/submissions/${submissionId}/file`}
            download
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            Download all files
          </LinkButton>
        }
      />
      <SubmissionTabs submissionId={submissionId} current={tab} collected={view.collected} />
    </>
  );
}
