import { endCalendar, renewCalendar } from "#app/_server/actions/calendar-actions.ts";
import { ActionButton } from "../page/action-button.tsx";
import { CopyText } from "../page/copy-button.tsx";
import { News } from "../page/news.tsx";
import { Notice } from "../page/notice.tsx";
import { Panel } from "../page/panel.tsx";
import { ButtonLink } from "../plain/button.tsx";
import { TextInput } from "../plain/field.tsx";
import classes from "./calendar.module.css";

interface CalendarViewProps {
  course: string;
  /** Of the reader's calendar; null: they have none. */
  address: string | null;
  /** What the reader has just done. */
  done: "made" | "ended" | null;
}

/** The course in the calendar that the reader uses anyway. */
export function CalendarView({ course, address, done }: CalendarViewProps) {
  return (
    <>
      {done === "made" && address !== null ? (
        <News key={address} parameter="done">
          <Notice tone="ok">Your calendar has an address. One that it had before leads nowhere now.</Notice>
        </News>
      ) : null}
      {done === "ended" && address === null ? (
        <News key="ended" parameter="done">
          <Notice tone="ok">Your calendar is ended: its address leads nowhere any more.</Notice>
        </News>
      ) : null}
      <Panel title="The course in your own calendar">
        <p>
          Classes, office hours, days without classes and your deadlines, each at the same second as here. An
          extension of yours moves its deadline there too, and work with all its points is marked with ✓.
        </p>
        {address === null ? (
          <ActionButton
            action={renewCalendar}
            hidden={{ course }}
            name="renew"
            word="Make my calendar"
            variant="filled"
          />
        ) : (
          <Address course={course} address={address} />
        )}
      </Panel>
    </>
  );
}

function Address({ course, address }: { course: string; address: string }) {
  return (
    <>
      <div className={classes.address}>
        <TextInput
          label="Address of your calendar"
          description="Whoever has it can read your deadlines: keep it to yourself."
          defaultValue={address}
          readOnly
          data-grow
        />
        <CopyText value={address} label="Copy the address" />
      </div>
      <div className={classes.ways}>
        <ButtonLink href={address.replace(/^https?:/, "webcal:")} size="xs">
          Follow it in this device's calendar
        </ButtonLink>
        <ButtonLink href={address} size="xs" variant="default" download>
          Download it once
        </ButtonLink>
      </div>
      <p>
        Elsewhere, give the address to “add a calendar from the internet” or “by URL”. Programs look for
        changes when they like, some once a day: where the two differ, this site is right.
      </p>
      <details className={classes.change}>
        <summary>Give it another address, or end it</summary>
        <p>When somebody has the address who should not: either way the present one stops at once.</p>
        <div className={classes.ways}>
          <ActionButton action={renewCalendar} hidden={{ course }} name="renew" word="Another address" />
          <ActionButton action={endCalendar} hidden={{ course }} name="end" word="End my calendar" />
        </div>
      </details>
    </>
  );
}
