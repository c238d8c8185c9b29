import { settleConflictFor } from "#app/_server/actions/conflict-actions.ts";
import type { ConflictSide, ConflictView } from "#app/_server/queries/course/edits/conflicts.ts";
import { announcementPath, deadlinesPath, officeHoursPath } from "../../addresses.ts";
import { TextLink } from "../../page/links.tsx";
import { Panel } from "../../page/panel.tsx";
import { ZonedTime, type Zones } from "../../time/zoned-time.tsx";
import classes from "./edits.module.css";
import { PressForm } from "./press-form.tsx";
import { SaidValues } from "./said-values.tsx";

interface ConflictListProps {
  course: string;
  list: ConflictView[];
  /** Which date stands is for an instructor to say; others look. */
  maySettleDates: boolean;
  zones: Zones;
}

/** Where a course's files and an edit on the site say two things, side by side, with a press for each. */
export function ConflictList({ course, list, maySettleDates, zones }: ConflictListProps) {
  return (
    <div className={classes.stack}>
      {list.map((one) => (
        <Panel
          key={one.id}
          title={one.whole ? one.what : `${one.what}: ${one.field}`}
          aside={<TextLink href={placeOf(course, one)}>Open it</TextLink>}
        >
          <div className={classes.form}>
            <p className={classes.line}>
              {sentenceOf(one)} Found <ZonedTime iso={one.foundAt} zones={zones} />.
            </p>
            <div className={classes.sides}>
              <Side
                title="The file said before"
                side={one.before}
                gone="Nothing: no file had it."
                zones={zones}
              />
              <Side
                title="The file says now"
                side={one.file}
                gone="It is no longer in the files."
                zones={zones}
              />
              <Side title="The site says" side={one.site} gone="It was removed on the site." zones={zones} />
            </div>
            {one.kind === "assignment" && !maySettleDates ? (
              <p className={classes.line}>An instructor of the course chooses which date stands.</p>
            ) : (
              <PressForm
                action={settleConflictFor}
                hidden={{ course, conflict: one.id, seen: one.seen }}
                presses={[
                  {
                    label: labelsOf(one).site,
                    name: "side",
                    value: "site",
                    aria: `${labelsOf(one).site}: ${one.what}, ${one.field}`,
                  },
                  {
                    label: labelsOf(one).file,
                    name: "side",
                    value: "file",
                    aria: `${labelsOf(one).file}: ${one.what}, ${one.field}`,
                  },
                ]}
              />
            )}
          </div>
        </Panel>
      ))}
    </div>
  );
}

interface SideProps {
  title: string;
  side: ConflictSide;
  /** Where it has no such thing. */
  gone: string;
  zones: Zones;
}

function Side({ title, side, gone, zones }: SideProps) {
  return (
    <section className={classes.side}>
      <h3>{title}</h3>
      {side === null || side.length === 0 ? (
        <p className={classes.line}>{gone}</p>
      ) : (
        <SaidValues fields={side} zones={zones} />
      )}
    </section>
  );
}

function sentenceOf({ whole, site }: ConflictView): string {
  if (!whole)
    return "Staff changed it on the site, and the file has changed since as well. The site’s stands until you choose.";
  return site === null
    ? "Staff removed it on the site, and its file has changed since. It stays removed until you choose."
    : "Staff changed it on the site, and its file is gone since. It stays until you choose.";
}

function labelsOf({ whole, site }: ConflictView): { site: string; file: string } {
  if (!whole) return { site: "Keep the site’s", file: "Take the file’s" };
  return site === null
    ? { site: "Leave it removed", file: "Take the file’s" }
    : { site: "Keep it", file: "Remove it, as the file is gone" };
}

function placeOf(course: string, { kind, slug, site }: ConflictView): string {
  if (kind === "assignment") return deadlinesPath(course, slug);
  if (kind === "announcement") return announcementPath(course, slug);
  return site === null ? officeHoursPath(course) : `${officeHoursPath(course)}?change=${slug}`;
}
