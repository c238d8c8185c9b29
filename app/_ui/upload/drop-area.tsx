"use client";

import { Button } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import { IconFileUpload, IconFolderUp } from "@tabler/icons-react";
import { useRef } from "react";
import classes from "./upload-panel.module.css";

/** Takes files by dropping, or by two buttons: files, or a folder with everything in it. */
export function DropArea({ onFiles, disabled }: { onFiles(files: File[]): void; disabled: boolean }) {
  const choose = useRef<() => void>(null);
  const folder = useRef<HTMLInputElement>(null);
  return (
    <>
      <Dropzone
        onDrop={onFiles}
        openRef={choose}
        disabled={disabled}
        activateOnClick={false}
        activateOnKeyboard={false}
        enablePointerEvents
        inputProps={{ "aria-label": "Files to hand in" }}
        p={0}
      >
        <div className={classes.drop}>
          <IconFileUpload size={30} aria-hidden stroke={1.5} />
          <span>Drop your files, a folder or an archive here</span>
          <div className={classes.row}>
            <Button size="sm" onClick={() => choose.current?.()} disabled={disabled} data-shortcut="u">
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
          <p className={classes.hint}>
            zip, tar, tar.gz, or loose files. One folder around everything is left out.
          </p>
        </div>
      </Dropzone>
      <input
        ref={folder}
        type="file"
        hidden
        // React knows no type for it; every browser knows the attribute.
        {...{ webkitdirectory: "" }}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          if (files.length > 0) onFiles(files);
          event.currentTarget.value = "";
        }}
      />
    </>
  );
}
