import { PageLink } from "../page/links.tsx";
import classes from "./around.module.css";

interface AroundLink {
  title: string;
  href: string;
}

/** null at either end. */
export interface AroundLinks {
  before: AroundLink | null;
  after: AroundLink | null;
}

/** Where the reader goes on. */
export function Around({ before, after }: AroundLinks) {
  if (before === null && after === null) return null;
  return (
    <nav className={classes.around} aria-label="Tutorials before and after">
      {before ? (
        <PageLink href={before.href} rel="prev">
          <small>Before</small>
          {before.title}
        </PageLink>
      ) : null}
      {after ? (
        <PageLink href={after.href} rel="next">
          <small>Next</small>
          {after.title}
        </PageLink>
      ) : null}
    </nav>
  );
}
