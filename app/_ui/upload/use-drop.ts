"use client";

import { fromEvent } from "file-selector";
import { type DragEvent, useEffect, useState } from "react";
import { type ChosenFile, withPaths } from "./dropped-work.ts";

const holdsFiles = (transfer: DataTransfer | null) => transfer?.types.includes("Files") ?? false;

/** Takes files and folders that are dropped on an element; `props` go to that element. */
export function useDrop(onFiles: (files: ChosenFile[]) => void, disabled: boolean) {
  const [over, setOver] = useState(false);
  useMissedDrops();
  return {
    over,
    props: {
      onDragOver(event: DragEvent) {
        if (!holdsFiles(event.dataTransfer)) return;
        event.preventDefault();
        setOver(!disabled);
      },
      onDragLeave(event: DragEvent) {
        const to = event.relatedTarget;
        if (!(to instanceof Node && event.currentTarget.contains(to))) setOver(false);
      },
      onDrop(event: DragEvent) {
        if (!holdsFiles(event.dataTransfer)) return;
        event.preventDefault();
        setOver(false);
        if (disabled) return;
        void fromEvent(event.nativeEvent).then((dropped) => {
          const files = dropped.filter((one) => one instanceof File);
          if (files.length > 0) onFiles(withPaths(files));
        });
      },
    },
  };
}

/** A browser opens what is dropped beside the element in the place of the page, and all that was chosen is gone. */
function useMissedDrops(): void {
  useEffect(() => {
    const prevent = (event: globalThis.DragEvent) => {
      if (holdsFiles(event.dataTransfer)) event.preventDefault();
    };
    document.addEventListener("dragover", prevent);
    document.addEventListener("drop", prevent);
    return () => {
      document.removeEventListener("dragover", prevent);
      document.removeEventListener("drop", prevent);
    };
  }, []);
}
