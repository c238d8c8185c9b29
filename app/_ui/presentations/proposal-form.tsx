"use client";

import { proposeTalk } from "#app/_server/actions/talk-actions.ts";
import type { Proposal } from "#course/presentations/talk-standing.ts";
import { Button } from "../plain/button.tsx";
import { TextInput } from "../plain/field.tsx";
import { NativeSelect } from "../plain/native-select.tsx";
import { TextArea } from "../plain/text-area.tsx";
import { FormFrame } from "../staff/form-frame.tsx";
import classes from "./presentations.module.css";

interface Props {
  course: string;
  /** Free ones of the list, and the team's own. */
  topics: { value: string; label: string }[];
  /** What is proposed already. */
  now: Proposal | null;
}

const kinds = [
  { value: "paper", label: "A research paper" },
  { value: "technology", label: "A cloud technology" },
];

/** One of the list, or a topic of the team's own with its title. */
export function ProposalForm({ course, topics, now }: Props) {
  return (
    <FormFrame action={proposeTalk} hidden={{ course }}>
      {(state, pending) => {
        const typed = (name: "topic" | "kind" | "title" | "link" | "summary", before: string) =>
          state.typed[name] ?? before;
        const own = now !== null && now.paperId === null;
        return (
          <div className={classes.form} key={JSON.stringify(state.typed)}>
            <NativeSelect
              name="topic"
              label="Topic"
              data={[...topics, { value: "", label: "Another topic, with the title below" }]}
              defaultValue={typed("topic", own ? "" : (now?.paperId ?? topics[0]?.value ?? ""))}
            />
            <TextInput
              name="title"
              label="Title of another topic"
              description="Left as it is for a topic of the list."
              maxLength={200}
              defaultValue={typed("title", own ? now.title : "")}
              error={state.problems.title}
            />
            <NativeSelect
              name="kind"
              label="Kind of another topic"
              data={kinds}
              defaultValue={typed("kind", now?.kind ?? "paper")}
            />
            <TextInput
              name="link"
              label="Where it can be read"
              description="An address on the web; may be left out."
              maxLength={2000}
              inputMode="url"
              defaultValue={typed("link", now?.link ?? "")}
              error={state.problems.link}
            />
            <TextArea
              name="summary"
              label="What it will be about"
              description="A few sentences for staff."
              maxLength={2000}
              required
              withAsterisk
              defaultValue={typed("summary", now?.summary ?? "")}
              error={state.problems.summary}
            />
            <div>
              <Button type="submit" loading={pending}>
                {now === null ? "Propose" : "Propose anew"}
              </Button>
            </div>
          </div>
        );
      }}
    </FormFrame>
  );
}
