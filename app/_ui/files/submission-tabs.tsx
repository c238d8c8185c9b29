import { PageLink } from "../page/links.tsx";
import { changesAddress, filesAddress } from "./file-address.ts";
import classes from "./files.module.css";

export type SubmissionTab = "submission" | "files" | "changes";

/** The three pages of one submission. */
export function SubmissionTabs({ submissionId, current }: { submissionId: string; current: SubmissionTab }) {
  const tabs: { tab: SubmissionTab; href: string; label: string }[] = [
    { tab: "submission", href: `/submissions/${submissionId}`, label: "Receipt and runs" },
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
