import {
  bringHoursBack,
  dropException,
  removeOfficeHours,
  takeHoursOfFile,
} from "#app/_server/actions/office-hours-actions.ts";
import type { EditedHours, EditedOfficeHours } from "#app/_server/queries/course/edits/edited-hours.ts";
import { conflictsPath, officeHoursPath } from "../../addresses.ts";
import { LinkButton, TextLink } from "../../page/links.tsx";
import { EmptyState, Panel } from "../../page/panel.tsx";
import type { Zones } from "../../time/zoned-time.tsx";
import classes from "./edits.module.css";
import { ExceptionForm } from "./exception-form.tsx";
import { FileNote } from "./file-note.tsx";
import { HoursForm } from "./hours-form.tsx";
import { PressForm } from "./press-form.tsx";

interface EditOfficeHoursProps {
  course: { slug: string; timeZone: string };
  all: EditedOfficeHours;
  /** The slug of those that are changed at the moment. */
  chosen: string | null;
  zones: Zones;
}

/** All office hours of a course as staff change them, one at a time. */
export function EditOfficeHours({ course, all, chosen, zones }: EditOfficeHoursProps) {
  const { hours, removed, appointments } = all;
  const one = hours.find(({ slug }) => slug === chosen);
  return (
    <div className={`${classes.stack} ${classes.narrow}`}>
      {one ? <ChosenHours key={one.seen} course={course} hours={one} zones={zones} /> : null}
      <Panel title="Every week" flush={hours.length === 0}>
        {hours.length === 0 ? (
          <EmptyState title="No office hours yet.">Add the first ones below.</EmptyState>
        ) : (
          <ul className={classes.list}>
            {hours.map((row) => (
              <li key={row.id} className={classes.item}>
                <span>
                  {row.said}
                  {row.exceptions.map(({ date, said }) => (
                    <small key={date} style={{ display: "block" }}>
                      {said}
                    </small>
                  ))}
                </span>
                <TextLink href={`${officeHoursPath(course.slug)}?change=${row.slug}`}>
                  Change {row.said}
                </TextLink>
              </li>
            ))}
          </ul>
        )}
        {appointments ? <p className={classes.line}>{appointments} (schedule.yaml says so.)</p> : null}
      </Panel>
      <Panel title="Add office hours">
        <HoursForm course={course.slug} zone={course.timeZone} edited={null} />
      </Panel>
      {removed.length > 0 ? (
        <Panel title="Removed">
          <ul className={classes.list}>
            {removed.map(({ id, said }) => (
              <li key={id} className={classes.item}>
                <span>{said}</span>
                <PressForm
                  action={bringHoursBack}
                  hidden={{ course: course.slug, hours: id }}
                  presses={[{ label: "Bring them back", size: "xs", aria: `Bring them back: ${said}` }]}
                />
              </li>
            ))}
          </ul>
        </Panel>
      ) : null}
    </div>
  );
}

type ChosenProps = Pick<EditOfficeHoursProps, "course" | "zones"> & { hours: EditedHours };

function ChosenHours({ course, hours, zones }: ChosenProps) {
  const hidden = { course: course.slug, hours: hours.id };
  const { weekday, from, to, place, link } = hours;
  return (
    <>
      <Panel
        title={hours.said}
        aside={<TextLink href={officeHoursPath(course.slug)}>Done with these</TextLink>}
      >
        <div className={classes.form}>
          <FileNote
            file="schedule.yaml"
            inFile={hours.inFile}
            zones={zones}
            conflicts={hours.conflict ? conflictsPath(course.slug) : null}
          />
          {hours.inFile.length > 0 ? (
            <PressForm
              action={takeHoursOfFile}
              hidden={{ ...hidden, seen: hours.seen }}
              presses={[{ label: "Take the file’s" }]}
            />
          ) : null}
          <HoursForm
            course={course.slug}
            zone={course.timeZone}
            edited={{ id: hours.id, seen: hours.seen, typed: { weekday, from, to, place, link } }}
          />
          <PressForm
            action={removeOfficeHours}
            hidden={hidden}
            presses={[{ label: `Remove ${hours.said}`, variant: "subtle" }]}
          />
        </div>
      </Panel>
      <Panel title="Exceptions: one day that is different">
        <div className={classes.form}>
          <ul className={classes.list}>
            {hours.exceptions.map(({ date, said }) => (
              <li key={date} className={classes.item}>
                <span>{said}</span>
                <PressForm
                  action={dropException}
                  hidden={{ ...hidden, date, seen: hours.seen }}
                  presses={[{ label: "Remove", size: "xs", aria: `Remove the exception: ${said}` }]}
                />
              </li>
            ))}
          </ul>
          <ExceptionForm course={course.slug} hours={hours} />
          <LinkButton href={officeHoursPath(course.slug)} variant="default">
            Done with these
          </LinkButton>
        </div>
      </Panel>
    </>
  );
}
