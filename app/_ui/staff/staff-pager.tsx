import { pageSize, type StaffFilter } from "#app/_server/queries/submission/staff-submissions.ts";
import { TextLink } from "../page/links.tsx";
import classes from "./staff.module.css";
import { staffAddress } from "./staff-address.ts";

/** Newer and older pages of a list; nothing when all of it is on one. */
export function StaffPager({ filter, total, base }: { filter: StaffFilter; total: number; base: string }) {
  const pages = Math.ceil(total / pageSize);
  if (pages <= 1) return null;
  const at = (page: number) => staffAddress(base, { ...filter, page });
  return (
    <nav className={classes.pager} aria-label="Pages">
      {filter.page > 1 ? <TextLink href={at(filter.page - 1)}>Newer</TextLink> : <span />}
      <span className="num">
        Page {filter.page} of {pages}
      </span>
      {filter.page < pages ? <TextLink href={at(filter.page + 1)}>Older</TextLink> : <span />}
    </nav>
  );
}
