import { IconSearch } from "@tabler/icons-react";
import { searchPath } from "../addresses.ts";
import { PageLink } from "../page/links.tsx";
import classes from "./shell.module.css";

/** To the page that finds anything in the course; Ctrl+K leads there too. */
export function JumpLink({ course }: { course: string }) {
  return (
    <PageLink
      href={searchPath(course)}
      className={classes.control}
      aria-label="Search in the course"
      title="Search in the course (Ctrl+K)"
      data-jump
    >
      <IconSearch size={18} aria-hidden />
    </PageLink>
  );
}
