import { Dialog } from "../plain/dialog.tsx";
import classes from "./shortcut-dialog.module.css";

export interface Shortcut {
  keys: string;
  label: string;
}

/** What the keys of this page do. */
export default function ShortcutDialog({ shown, onClose }: { shown: Shortcut[]; onClose: () => void }) {
  return (
    <Dialog opened onClose={onClose} title="Keyboard shortcuts">
      <table className={classes.table}>
        <tbody>
          {shown.map(({ keys, label }) => (
            <tr key={keys}>
              <td>
                {keys.split(" ").map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </td>
              <td>{label}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={classes.line}>Keys of two letters are pressed one after the other.</p>
    </Dialog>
  );
}
