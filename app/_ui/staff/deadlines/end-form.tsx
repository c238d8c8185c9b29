"use client";

import { Button } from "@mantine/core";
import { endExtensionOf } from "#app/_server/actions/deadline-actions.ts";
import type { ExtensionRow } from "#app/_server/queries/course/staff-assignment.ts";
import type { ZonedInstant } from "#course/deadlines/describe-deadline.ts";
import { LinkButton } from "../../page/links.tsx";
import { ZonedTime, type Zones } from "../../time/zoned-time.tsx";
import { FormFrame } from "../form-frame.tsx";
import { ReasonField } from "../reason-field.tsx";
import classes from "./deadlines.module.css";

interface EndFormProps {
  page: { course: string; assignment: string };
  extension: ExtensionRow;
  /** The assignment's own due date. */
  ownDue: ZonedInstant | null;
  zones: Zones;
  /** Where the reader goes who ends nothing. */
  stay: string;
}

/** Asks once more, by name, before an extension is ended. */
export function EndForm({ page, extension, ownDue, zones, stay }: EndFormProps) {
  const { student } = extension;
  return (
    <FormFrame action={endExtensionOf} hidden={{ ...page, student: student.userId, extension: extension.id }}>
      {(state, pending) => (
        <>
          <p className={classes.line}>
            {student.name} ({student.email}) has until{" "}
            <ZonedTime iso={extension.due.shown.toISOString()} zones={zones} seconds />.{" "}
            {ownDue ? (
              <>
                Without the extension it is{" "}
                <ZonedTime iso={ownDue.shown.toISOString()} zones={zones} seconds />.
              </>
            ) : null}{" "}
            Work that has been received keeps what its receipt says. You can give the extension again.
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
