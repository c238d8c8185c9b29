"use client";

import { useActionState } from "react";
import { untouchedForm } from "#app/_server/actions/form-state.ts";
import { closeNotice, reopenNotice } from "#app/_server/actions/notice-actions.ts";
import { Button } from "../plain/button.tsx";

interface NoticeFormProps {
  notice: { id: string; title: string };
  does: "close" | "reopen";
  word: string;
}

/** One button that marks a notice as done, or takes that back. */
export function NoticeForm({ notice, does, word }: NoticeFormProps) {
  const [state, send, pending] = useActionState(does === "close" ? closeNotice : reopenNotice, untouchedForm);
  return (
    <form action={send}>
      <input type="hidden" name="notice" value={notice.id} />
      <Button
        type="submit"
        variant="default"
        size="xs"
        loading={pending}
        aria-label={`${word}: ${notice.title}`}
        name={does}
        value={notice.id}
      >
        {word}
      </Button>
      {state.error ? <span role="alert">{state.error}</span> : null}
    </form>
  );
}
