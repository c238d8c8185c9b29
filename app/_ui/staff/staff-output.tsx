import type { StaffRunView } from "#app/_server/queries/run/staff-run.ts";
import { plural } from "../format.ts";
import { EmptyState, Panel } from "../page/panel.tsx";
import { plainText } from "../run/log/ansi.ts";
import { StateTag } from "../state/state-tag.tsx";
import { readableOutput } from "./readable-output.ts";
import classes from "./staff.module.css";

/** What checks and machines wrote for staff alone: what failed first and open, the rest folded. */
export function StaffOutput({ staff, final }: { staff: StaffRunView; final: boolean }) {
  const checks = staff.checks.filter(({ output, inLog }) => output !== "" || inLog > 0);
  const failed = checks.filter(({ verdict }) => verdict !== "passed");
  const passed = checks.filter(({ verdict }) => verdict === "passed");
  const details = staff.claims.filter(({ staffDetail }) => staffDetail !== null);
  const none = checks.length === 0 && details.length === 0;
  return (
    <Panel title="Staff-only output" aside={<span>students never see this</span>} flush={none}>
      {none ? (
        <EmptyState title="No check wrote any.">
          {final
            ? "What checks write for staff would be here; of this run there is nothing."
            : "What checks write for staff shows up here as soon as the run's result is in."}
        </EmptyState>
      ) : (
        <div className={classes.checks}>
          {details.map(({ attempt, staffDetail }) => (
            <details key={attempt} open>
              <summary>Why attempt {attempt} was not graded</summary>
              <Output text={staffDetail ?? ""} />
            </details>
          ))}
          {[...failed, ...passed].map((check) => (
            <details key={check.checkId} open={check.verdict !== "passed"}>
              <summary>
                {check.title} <StateTag state={check.verdict} bare />
              </summary>
              {check.inLog > 0 ? (
                <p className={classes.inLog}>
                  {plural(check.inLog, "line")} that the log has as well {check.inLog === 1 ? "is" : "are"}{" "}
                  left out here.
                </p>
              ) : null}
              {check.output === "" ? null : <Output text={check.output} />}
            </details>
          ))}
        </div>
      )}
    </Panel>
  );
}

function Output({ text }: { text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: long output is scrolled by keyboard too
    <pre className={classes.output} tabIndex={0}>
      {readableOutput(text).split("\n").map(plainText).join("\n")}
    </pre>
  );
}
