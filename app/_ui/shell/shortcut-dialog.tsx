import { useState } from "react";
import { Dialog } from "../plain/dialog.tsx";
import classes from "./shortcut-dialog.module.css";
import { shortcutsAreOn, switchShortcuts } from "./shortcut-switch.ts";

export interface Shortcut {
  keys: string;
  label: string;
}

/** What the keys of this page do, and the switch for those that are pressed without Ctrl or Alt. */
export default function ShortcutDialog({ shown, onClose }: { shown: Shortcut[]; onClose: () => void }) {
  const [on, setOn] = useState(shortcutsAreOn);
  const [kept, setKept] = useState(true);
  return (
    <Dialog opened onClose={onClose} title="Keyboard shortcuts">
      <table className={classes.table} data-off={on ? undefined : true}>
        <tbody>
          {shown.map(({ keys, label }) => (
            <tr key={keys}>
              <th scope="row">
                {keys.split(" ").map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </th>
              <td>{label}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <label className={classes.switch}>
        <input
          type="checkbox"
          checked={on}
          onChange={({ currentTarget: { checked } }) => {
            setOn(checked);
            setKept(switchShortcuts(checked));
          }}
        />
        Keys without Ctrl or Alt are shortcuts
      </label>
      <p className={classes.line}>
        {kept
          ? "Switch them off if you dictate, or press keys by accident; this browser remembers it."
          : "This browser keeps nothing for this site, so it cannot remember the choice."}{" "}
        Keys of two letters are pressed one after the other.
      </p>
    </Dialog>
  );
}
