import type { SaidField } from "#app/_server/queries/course/edits/field-words.ts";
import { TextLink } from "../../page/links.tsx";
import { Notice } from "../../page/notice.tsx";
import type { Zones } from "../../time/zoned-time.tsx";
import classes from "./edits.module.css";
import { SaidValues } from "./said-values.tsx";

interface FileNoteProps {
  /** Such as course.yaml. */
  file: string;
  /** What it says another thing of. */
  inFile: SaidField[];
  zones: Zones;
  /** Where the conflicts are, when one of these is among them. */
  conflicts: string | null;
}

/** Where staff edited what a file says: what the file says of it, and whose word stands. */
export function FileNote({ file, inFile, zones, conflicts }: FileNoteProps) {
  if (inFile.length === 0) return null;
  return (
    <div className={classes.form}>
      <p className={classes.line}>
        Staff changed this on the site, and that stands. <b>{file} says:</b>
      </p>
      <SaidValues fields={inFile} zones={zones} />
      {conflicts === null ? null : (
        <Notice tone="warn">
          The file has changed since as well.{" "}
          <TextLink href={conflicts}>Choose which of the two stands</TextLink>.
        </Notice>
      )}
    </div>
  );
}
