import { PageLink } from "../page/links.tsx";
import { changesAddress, filesAddress } from "./file-address.ts";
import classes from "./files.module.css";

export type SubmissionTab = "submission" | "files" | "changes";

/** The three pages of one submission. */
export function SubmissionTabs(props: {
  submissionId: string;
  current: SubmissionTab;
  /** No machine grades it. */
  collected: boolean;
}) {
  const { submissionId, current, collected } = props;
  const tabs: { tab: SubmissionTab; href: string; label: string }[] = [
    {
      tab: "submission",
      href: `/submissions/${submissionId}`,
      label: collected ? "Receipt" : "Receipt and runs",
    },
    { tab: "files", href: filesAddress(submissionId), label: "Files" },
    { tab: "changes", href: changesAddress(submissionId), label: "What changed" },
  ];
  return (
    <nav className={classes.tabs} aria-label="Submission">
      {tabs.map(({ tab, href, label }) => (
        <PageLink key={tab} href={href} aria-current={tab === current ? "page" : undefined}>
          {label}
        </PageLink>
      ))}
    </nav>
  );
}
