"use client";

import { Checkbox, Textarea, TextInput } from "@mantine/core";
import { writeAnnouncement } from "#app/_server/actions/announcement-actions.ts";
import type { FormState } from "#app/_server/actions/form-state.ts";
import type { TypedAnnouncement } from "#course/catalogue/read-announcement.ts";
import { DrawnText } from "../../announcements/drawn.tsx";
import { Button } from "../../plain/button.tsx";
import { FormFrame } from "../form-frame.tsx";
import classes from "./edits.module.css";

interface AnnouncementFormProps {
  course: string;
  /** Of the course, in which day and time are typed. */
  zone: string;
  /** null: a new one. */
  edited: { id: string; seen: string; typed: TypedAnnouncement } | null;
}

const empty: TypedAnnouncement = { title: "", body: "", pinned: "", date: "", time: "" };

/** What the course is told, with a look at it before it is out. */
export function AnnouncementForm({ course, zone, edited }: AnnouncementFormProps) {
  const hidden = { course, ...(edited ? { announcement: edited.id, seen: edited.seen } : {}) };
  return (
    <FormFrame action={writeAnnouncement} hidden={hidden}>
      {(state, pending) => (
        <>
          <Fields state={state} zone={zone} was={edited?.typed ?? empty} key={JSON.stringify(state.typed)} />
          {state.drawn ? (
            <section className={classes.preview} aria-label="Preview">
              <h3>{state.typed.title}</h3>
              <DrawnText drawn={state.drawn} />
            </section>
          ) : null}
          <div className={classes.buttons}>
            {/* First, so that Enter in a field looks at it and publishes nothing. */}
            <Button type="submit" name="does" value="preview" variant="default" disabled={pending}>
              Preview
            </Button>
            <Button type="submit" name="does" value="save" disabled={pending}>
              {edited === null ? "Publish" : "Save"}
            </Button>
          </div>
        </>
      )}
    </FormFrame>
  );
}

interface FieldsProps {
  state: FormState;
  zone: string;
  was: TypedAnnouncement;
}

function Fields({ state: { typed, problems }, zone, was }: FieldsProps) {
  const sent = Object.keys(typed).length > 0;
  const value = (field: keyof TypedAnnouncement) => (sent ? (typed[field] ?? "") : was[field]);
  return (
    <>
      <TextInput
        name="title"
        label="Title"
        required
        maxLength={200}
        defaultValue={value("title")}
        error={problems.title}
      />
      <Textarea
        name="body"
        label="Text"
        description="Markdown: **bold**, lists, [links](https://example.org), tables. No pictures and no HTML."
        required
        rows={12}
        maxLength={20_000}
        defaultValue={value("body")}
        error={problems.body}
      />
      <div className={classes.fields}>
        <TextInput
          name="date"
          label="Published on"
          description="No day: now."
          type="date"
          defaultValue={value("date")}
          error={problems.date}
        />
        <TextInput
          name="time"
          label="At"
          description={`On the clock of ${zone}.`}
          type="time"
          defaultValue={value("time")}
          error={problems.time}
        />
      </div>
      <Checkbox name="pinned" label="Pinned above the others" defaultChecked={value("pinned") === "on"} />
    </>
  );
}
