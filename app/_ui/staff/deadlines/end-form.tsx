"use client";

import { Button } from "@mantine/core";
import { endExtensionOf } from "#app/_server/actions/deadline-actions.ts";
import type { ExtensionRow } from "#app/_server/queries/course/staff-assignment.ts";
import type { SaidInstant } from "#course/deadlines/say-instant.ts";
import { LinkButton } from "../../page/links.tsx";
import { SaidTime } from "../../time/said-time.tsx";
import { FormFrame } from "../form-frame.tsx";
import { ReasonField } from "../reason-field.tsx";
import classes from "./deadlines.module.css";

interface EndFormProps {
  page: { course: string; assignment: string };
  extension: ExtensionRow;
  /** The assignment's own due date. */
  ownDue: SaidInstant | null;
  /** Where the reader goes who ends nothing. */
  stay: string;
}

/** Asks once more, by name, before an extension is ended. */
export function EndForm({ page, extension, ownDue, stay }: EndFormProps) {
  const { student } = extension;
  return (
    <FormFrame action={endExtensionOf} hidden={{ ...page, student: student.userId, extension: extension.id }}>
      {(state, pending) => (
        <>
          <p className={classes.line}>
            {student.name} ({student.email}) has until <SaidTime at={extension.due} />.{" "}
            {ownDue ? (
              <>
                Without the extension it is <SaidTime at={ownDue} />.
              </>
            ) : null}{" "}
            What arrived on time stays on time. What was late when it arrived, and is on time only by this
            extension, counts as late again. You can give the extension again.
          </p>
          <ReasonField state={state} />
          <div className={classes.buttons}>
            <Button type="submit" color="red.9" loading={pending}>
              End the extension of {student.name}
            </Button>
            <LinkButton href={stay} variant="default">
              Keep it
            </LinkButton>
          </div>
        </>
      )}
    </FormFrame>
  );
}
