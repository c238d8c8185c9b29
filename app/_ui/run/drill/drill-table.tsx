import { memo } from "react";
import type { DrillTimeline } from "#grading/protocol/messages.ts";
import { ScrollBox } from "../../page/scroll-box.tsx";
import { stretches } from "./drill-moments.ts";
import classes from "./drill-table.module.css";
import { momentWords } from "./moment-words.ts";

const columns = ["From", "Asked for", "Pods", "Ready", "Addresses", "Answered", "Failed"];

/** The chart in numbers: one row for each change. */
export const DrillTable = memo(function DrillTable({ samples }: Pick<DrillTimeline, "samples">) {
  return (
    <details className={classes.more}>
      <summary>As a table</summary>
      <ScrollBox className={classes.box} label="The drill as a table">
        <table className={classes.table}>
          <caption className="sr">
            What was asked for and what there was, one row for each change, with the requests until the next
          </caption>
          <thead>
            <tr>
              {columns.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {stretches(samples).map((row, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a finished drill's rows never change
              <tr key={index}>
                <th scope="row">{momentWords(row.fromMs)}</th>
                <td>{row.desired}</td>
                <td>{row.pods}</td>
                <td>{row.ready}</td>
                <td>{row.endpoints}</td>
                <td>{row.answered}</td>
                <td>{row.failed}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </details>
  );
});
