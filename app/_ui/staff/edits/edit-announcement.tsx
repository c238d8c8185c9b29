import {
  bringAnnouncementBack,
  removeAnnouncement,
  takeAnnouncementOfFile,
} from "#app/_server/actions/announcement-actions.ts";
import type { EditedAnnouncement } from "#app/_server/queries/course/edits/edited-announcement.ts";
import { announcementPath, announcementsPath, conflictsPath } from "../../addresses.ts";
import { LinkButton } from "../../page/links.tsx";
import { Panel } from "../../page/panel.tsx";
import { ZonedTime, type Zones } from "../../time/zoned-time.tsx";
import { AnnouncementForm } from "./announcement-form.tsx";
import classes from "./edits.module.css";
import { FileNote } from "./file-note.tsx";
import { PressForm } from "./press-form.tsx";

interface EditAnnouncementProps {
  course: { slug: string; timeZone: string };
  edited: EditedAnnouncement;
  /** Asks once more, by name, before it is removed. */
  removing: boolean;
  zones: Zones;
}

/** One announcement as staff change it, remove it and bring it back. */
export function EditAnnouncement({ course, edited, removing, zones }: EditAnnouncementProps) {
  const hidden = { course: course.slug, announcement: edited.id, slug: edited.slug };
  if (edited.state === "removed") {
    return (
      <Panel title="Removed">
        <div className={classes.form}>
          <p className={classes.line}>
            {edited.by} removed “{edited.title}” on <ZonedTime iso={edited.at} zones={zones} />. Nobody reads
            it now.
            {edited.fromFile
              ? ` Its file is still there, and a sync of the course does not bring it back.`
              : ""}
          </p>
          <PressForm
            action={bringAnnouncementBack}
            hidden={hidden}
            presses={[{ label: "Bring it back", variant: "filled" }]}
          />
        </div>
      </Panel>
    );
  }
  const file = `announcements/${edited.slug}.md`;
  const own = announcementPath(course.slug, edited.slug);
  return (
    <div className={`${classes.stack} ${classes.narrow}`}>
      {removing ? (
        <Panel title={`Remove “${edited.title}”?`}>
          <div className={classes.form}>
            <p className={classes.line}>Nobody reads it from then on. You can bring it back on this page.</p>
            <PressForm
              action={removeAnnouncement}
              hidden={hidden}
              presses={[{ label: `Remove “${edited.title}”`, variant: "filled", color: "red.9" }]}
            />
            <LinkButton href={own} variant="default">
              Keep it
            </LinkButton>
          </div>
        </Panel>
      ) : null}
      {edited.inFile.length > 0 ? (
        <Panel title="What its file says">
          <div className={classes.form}>
            <FileNote
              file={file}
              inFile={edited.inFile}
              zones={zones}
              conflicts={edited.conflict ? conflictsPath(course.slug) : null}
            />
            <PressForm
              action={takeAnnouncementOfFile}
              hidden={{ ...hidden, seen: edited.seen }}
              presses={[{ label: "Take the file’s" }]}
            />
          </div>
        </Panel>
      ) : null}
      <Panel title="What it says">
        <div className={classes.form}>
          {edited.fromFile && edited.inFile.length === 0 ? (
            <p className={classes.line}>
              It is as {file} says. What you change here stands from then on; where the file changes too, you
              are asked which of the two stands.
            </p>
          ) : null}
          <AnnouncementForm
            // Another's change makes another form: what it shows is what stands.
            key={edited.seen}
            course={course.slug}
            zone={course.timeZone}
            edited={edited}
          />
        </div>
      </Panel>
      {removing ? null : (
        <div className={classes.buttons}>
          <LinkButton href={announcementsPath(course.slug)} variant="default">
            All announcements
          </LinkButton>
          <LinkButton href={`${own}?remove=1`} variant="default">
            Remove it
          </LinkButton>
        </div>
      )}
    </div>
  );
}
