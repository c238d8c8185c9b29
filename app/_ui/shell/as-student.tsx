import { IconEye } from "@tabler/icons-react";
import classes from "./shell.module.css";

/** For staff: the course as its students see it, until they end it or the browser is closed. */
export function SeeAsStudent() {
  return (
    <form method="post" action="/api/view?as=student">
      <button type="submit" className={classes.control} title="See your courses as a student does">
        <IconEye size={17} aria-hidden /> As a student
      </button>
    </form>
  );
}

/** Over every page while it lasts. */
export function AsStudent() {
  return (
    <form method="post" action="/api/view?as=staff" className={classes.asStudent}>
      <IconEye size={17} aria-hidden /> You see your courses as a student does.{" "}
      <button type="submit">Back to the view of staff</button>
    </form>
  );
}
