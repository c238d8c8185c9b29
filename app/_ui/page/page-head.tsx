import type { ReactNode } from "react";
import { PageLink } from "./links.tsx";
import classes from "./page-head.module.css";

interface PageHeadProps {
  /** Where am I: from the course down to this page's parent. */
  crumbs?: { label: string; href: string }[];
  title: string;
  /** What is the state. */
  state?: ReactNode;
  /** What do I do next. */
  actions?: ReactNode;
}

/** The top of every page. */
export function PageHead({ crumbs = [], title, state, actions }: PageHeadProps) {
  return (
    <div className={classes.head}>
      <div className={classes.words}>
        {crumbs.length > 0 ? (
          <nav aria-label="Breadcrumb">
            <ol className={classes.crumbs}>
              {crumbs.map((crumb) => (
                <li key={crumb.href}>
                  <PageLink href={crumb.href}>{crumb.label}</PageLink>
                </li>
              ))}
            </ol>
          </nav>
        ) : null}
        <h1 className={classes.title}>{title}</h1>
        {state ? <div className={classes.state}>{state}</div> : null}
      </div>
      {actions ? <div className={classes.actions}>{actions}</div> : null}
    </div>
  );
}
