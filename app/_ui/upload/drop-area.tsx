"use client";

import { IconFileUpload, IconFolderUp } from "@tabler/icons-react";
import { type RefObject, useImperativeHandle, useRef } from "react";
import { Button } from "../plain/button.tsx";
import { type ChosenFile, withPaths } from "./dropped-work.ts";
import classes from "./upload-panel.module.css";

export interface DropAreaHandle {
  /** What was chosen in the plain inputs before the page had its script; takes it out of them. */
  take(): ChosenFile[];
  focus(): void;
  hasFocus(): boolean;
}

interface DropAreaProps {
  ref: RefObject<DropAreaHandle | null>;
  /** Whether the page has its script. Without it the two inputs are a plain form's. */
  scripted: boolean;
  /** Out of sight, since files are chosen. */
  folded: boolean;
  onFiles(files: ChosenFile[]): void;
  disabled: boolean;
  /** What is taken, where it is not any archive or files; said by the form. */
  stated: boolean;
}

/**
 * Files by dropping, or by two buttons: files, or a folder with everything in it. The inputs are the same before and
 * after the page has its script, so that what was chosen in them meanwhile is still there.
 */
export function DropArea({ ref, scripted, folded, onFiles, disabled, stated }: DropAreaProps) {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const take = () => {
    const taken = [files, folder].flatMap(({ current }) => {
      const chosen = [...(current?.files ?? [])];
      if (current) current.value = "";
      return chosen;
    });
    return withPaths(taken);
  };
  useImperativeHandle(ref, () => ({
    take,
    focus: () => button.current?.focus(),
    hasFocus: () => [files.current, folder.current].some((input) => input === document.activeElement),
  }));
  const changed = () => {
    const taken = take();
    if (taken.length > 0) onFiles(taken);
  };
  return (
    <div className={classes.drop} hidden={folded}>
      {scripted ? (
        <>
          <IconFileUpload size={30} aria-hidden stroke={1.5} />
          <span>Drop your files, a folder or an archive here</span>
          <div className={classes.row}>
            <Button
              ref={button}
              size="sm"
              onClick={() => files.current?.click()}
              disabled={disabled}
              data-shortcut="u"
            >
              Choose files
            </Button>
            <Button
              size="sm"
              variant="default"
              disabled={disabled}
              onClick={() => folder.current?.click()}
              leftSection={<IconFolderUp size={16} aria-hidden />}
            >
              Choose a folder
            </Button>
          </div>
        </>
      ) : (
        <label htmlFor="plain-files">Your files, or one archive (zip, tar, tar.gz)</label>
      )}
      <input
        key="files"
        ref={files}
        id="plain-files"
        type="file"
        name="files"
        multiple
        hidden={scripted}
        aria-label={scripted ? "Files to hand in" : undefined}
        onChange={changed}
      />
      {scripted ? null : <label htmlFor="plain-folder">or a folder with everything in it</label>}
      <input
        key="folder"
        ref={folder}
        id="plain-folder"
        type="file"
        name="files"
        hidden={scripted}
        aria-label={scripted ? "Folder to hand in" : undefined}
        // React knows no type for it; every browser knows the attribute.
        {...{ webkitdirectory: "" }}
        onChange={changed}
      />
      {scripted ? null : <button type="submit">Submit</button>}
      {scripted && !stated ? (
        <p className={classes.hint}>
          zip, tar, tar.gz, or loose files. One folder around everything is left out.
        </p>
      ) : null}
    </div>
  );
}
