import { Notice } from "../page/notice.tsx";
import classes from "./run-page.module.css";

/** Said over the page, not in it: nothing moves when a connection breaks or comes back. */
export function BrokenConnection({ broken }: { broken: boolean }) {
  return (
    <div className={classes.over} role="status">
      {broken ? (
        <Notice tone="warn">
          The connection is broken. Your run goes on; this page catches up as soon as it is back.
        </Notice>
      ) : null}
    </div>
  );
}
