import { IconCircle, IconCircleCheckFilled, IconCircleX } from "@tabler/icons-react";
import { isThere } from "./dropped-work.ts";
import classes from "./upload-panel.module.css";
import type { ListedFile } from "./zip-listing.ts";

const looks = {
  unknown: { icon: IconCircle, word: "required" },
  yes: { icon: IconCircleCheckFilled, word: "found" },
  no: { icon: IconCircleX, word: "missing" },
};

/** What must be handed in; fills once files were chosen. listing: null before that, or when only the server can look. */
export function RequiredList({ required, listing }: { required: string[]; listing: ListedFile[] | null }) {
  if (required.length === 0) return <p className={classes.hint}>No file is required by name.</p>;
  return (
    <ul className={classes.checklist} aria-label="Required files">
      {required.map((path) => {
        const there = listing === null ? "unknown" : isThere(listing, path) ? "yes" : "no";
        const { icon: Icon, word } = looks[there];
        return (
          <li key={path} data-there={there}>
            <Icon size={18} aria-hidden />
            <span className="mono">{path}</span>
            <small>{word}</small>
          </li>
        );
      })}
    </ul>
  );
}
