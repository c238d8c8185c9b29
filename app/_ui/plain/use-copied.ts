import { useEffect, useState } from "react";

const shownMs = 2_000;

/** Copies a text, and says for two seconds that it did; where the browser refuses, it says nothing. */
export function useCopied(): { copied: boolean; copy: (text: string) => void } {
  const [copied, setCopied] = useState(0);
  useEffect(() => {
    if (copied === 0) return;
    const timer = setTimeout(() => setCopied(0), shownMs);
    return () => clearTimeout(timer);
  }, [copied]);
  return {
    copied: copied > 0,
    copy: (text) => {
      navigator.clipboard?.writeText(text).then(
        () => setCopied((times) => times + 1),
        () => setCopied(0),
      );
    },
  };
}
