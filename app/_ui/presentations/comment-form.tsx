"use client";

import type { FormState } from "#app/_server/actions/form-state.ts";
import { Button } from "../plain/button.tsx";
import { TextArea } from "../plain/text-area.tsx";
import { FormFrame } from "../staff/form-frame.tsx";

interface Props {
  action: (previous: FormState, form: FormData) => Promise<FormState>;
  hidden: Record<string, string>;
}

export function CommentForm({ action, hidden }: Props) {
  return (
    <FormFrame action={action} hidden={hidden}>
      {(state, pending) => (
        <>
          <TextArea
            name="text"
            label="Say something"
            rows={2}
            maxLength={2000}
            required
            defaultValue={state.typed.text}
            key={state.typed.text}
            error={state.problems.text}
          />
          <div>
            <Button type="submit" variant="default" size="xs" loading={pending}>
              Send
            </Button>
          </div>
        </>
      )}
    </FormFrame>
  );
}
