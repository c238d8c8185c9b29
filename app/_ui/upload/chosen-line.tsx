import { IconFiles, IconFileZip } from "@tabler/icons-react";
import type { RefObject } from "react";
import { formatBytes, plural } from "../format.ts";
import { Button } from "../plain/button.tsx";
import type { DroppedWork } from "./dropped-work.ts";
import classes from "./upload-panel.module.css";

interface ChosenLineProps {
  ref: RefObject<HTMLDivElement | null>;
  work: DroppedWork;
  /** Whether the drop area is open to choose others; null: it is open anyway. */
  changing: boolean | null;
  /** While it is sent nothing can be changed. */
  disabled: boolean;
  onChange(): void;
  onRemove(): void;
}

const mostShown = 200;

/** What is about to be handed in, on one line; the list of its files unfolds. */
export function ChosenLine({ ref, work, changing, disabled, onChange, onRemove }: ChosenLineProps) {
  const { kind, listing, files, packedBytes, strippedFolder, notArchive } = work;
  const Icon = kind === "archive" ? IconFileZip : IconFiles;
  const name = kind === "archive" || files.length === 1 ? files[0]?.path : null;
  const count = listing && !(kind === "loose" && name) ? plural(listing.length, "file") : null;
  const what = [name, count, formatBytes(packedBytes)].filter((part) => part !== null).join(", ");
  return (
    <div ref={ref} tabIndex={-1} className={classes.chosen}>
      <div className={classes.line}>
        <Icon size={18} aria-hidden />
        <span className={classes.what} role="status">
          {what}
        </span>
        {changing === null ? null : (
          <Button
            size="compact-sm"
            variant="default"
            aria-expanded={changing}
            disabled={disabled}
            onClick={onChange}
          >
            Change
          </Button>
        )}
        <Button size="compact-sm" variant="subtle" color="gray" disabled={disabled} onClick={onRemove}>
          Remove
        </Button>
      </div>
      {strippedFolder ? (
        <p className={classes.hint}>The folder {strippedFolder}/ around everything is left out.</p>
      ) : null}
      {listing === null && notArchive === null && files.length > 0 ? (
        <p className={classes.hint}>This browser cannot look inside; the server checks it when it arrives.</p>
      ) : null}
      {listing && listing.length > 0 ? (
        <details>
          <summary>{listing.length === 1 ? "Its file" : `Its ${listing.length} files`}</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long list is scrolled by keyboard too */}
          <ul className={classes.files} aria-label="Files to hand in" tabIndex={0}>
            {listing.slice(0, mostShown).map((file) => (
              <li key={file.path}>
                {file.path}
                <span>{formatBytes(file.bytes)}</span>
              </li>
            ))}
            {listing.length > mostShown ? <li>and {listing.length - mostShown} more</li> : null}
          </ul>
        </details>
      ) : null}
    </div>
  );
}
