import type { SaidField, SaidValue } from "#app/_server/queries/course/edits/field-words.ts";
import { ScrollBox } from "../../page/scroll-box.tsx";
import { EndTime } from "../../time/end-time.tsx";
import { ZonedTime, type Zones } from "../../time/zoned-time.tsx";
import classes from "./edits.module.css";

/** Fields of an assignment, an announcement or office hours, each as pages say it elsewhere. */
export function SaidValues({ fields, zones }: { fields: SaidField[]; zones: Zones }) {
  return (
    <dl className={classes.values}>
      {fields.map(({ field, name, value }) => (
        <div key={field}>
          <dt>{name}</dt>
          <dd>
            <Value name={name} value={value} zones={zones} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Longer than this, or of several lines, a text is a box of its own. */
const short = 120;

function Value({ name, value, zones }: { name: string; value: SaidValue; zones: Zones }) {
  if (value === null) return "none";
  if ("iso" in value) return <ZonedTime iso={value.iso} zones={zones} />;
  if ("endIso" in value) return <EndTime iso={value.endIso} zones={zones} />;
  if ("lines" in value) {
    return value.lines.map((line) => <div key={line}>{line}</div>);
  }
  if (value.text.length <= short && !value.text.includes("\n")) return value.text;
  return (
    <ScrollBox className={classes.text} label={name}>
      {value.text}
    </ScrollBox>
  );
}
