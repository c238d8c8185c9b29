"use client";

import { judgeTalk } from "#app/_server/actions/talk-actions.ts";
import { Button } from "../../plain/button.tsx";
import { TextArea } from "../../plain/text-area.tsx";
import { FormFrame } from "../../staff/form-frame.tsx";

/** Sends a proposal back with a word. */
export function JudgeForm({ course, team, title }: { course: string; team: string; title: string }) {
  return (
    <FormFrame action={judgeTalk} hidden={{ course, team, how: "return" }}>
      {(state, pending) => (
        <>
          <TextArea
            name="text"
            label="What the team should do"
            description="They read it as a comment. A talk that is sent back loses its place in the plan."
            rows={2}
            maxLength={2000}
            required
            defaultValue={state.typed.text}
            key={state.typed.text}
            error={state.problems.text}
          />
          <div>
            <Button
              type="submit"
              variant="default"
              size="xs"
              loading={pending}
              aria-label={`Send back: ${title}`}
            >
              Send it back
            </Button>
          </div>
        </>
      )}
    </FormFrame>
  );
}
