import { IconInbox } from "@tabler/icons-react";
import { type ReactNode, useId } from "react";
import classes from "./panel.module.css";

interface PanelProps {
  title: string;
  /** Shown at the right of the title. */
  aside?: ReactNode;
  /** No padding: for tables and lists that draw their own. */
  flush?: boolean;
  children: ReactNode;
}

/** A titled part of a page, a region of its own for screen readers. */
export function Panel({ title, aside, flush, children }: PanelProps) {
  const id = useId();
  return (
    <section className={classes.panel} aria-labelledby={id}>
      <div className={classes.head}>
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      <div className={classes.body} data-flush={flush || undefined}>
        {children}
      </div>
    </section>
  );
}

/** What will be here, and how to start. */
export function EmptyState({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className={classes.empty}>
      <IconInbox size={22} aria-hidden />
      <p>
        <b>{title}</b> {children}
      </p>
    </div>
  );
}

/** Names and values, such as a receipt's. */
export function Facts({ rows }: { rows: { name: string; value: ReactNode }[] }) {
  return (
    <dl className={classes.facts}>
      {rows.map((row) => (
        <FactRow key={row.name} name={row.name} value={row.value} />
      ))}
    </dl>
  );
}

function FactRow({ name, value }: { name: string; value: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
