import { useEffect, useState } from "react";

const shownMs = 2_000;

/** Copies a text, and says for two seconds that it did, or that the browser refused. */
export function useCopied(): { copied: boolean; refused: boolean; copy: (text: string) => void } {
  const [told, setTold] = useState<{ copied: boolean } | null>(null);
  useEffect(() => {
    if (told === null) return;
    const timer = setTimeout(() => setTold(null), shownMs);
    return () => clearTimeout(timer);
  }, [told]);
  return {
    copied: told?.copied === true,
    refused: told?.copied === false,
    copy: (text) => {
      const tell = (copied: boolean) => setTold({ copied });
      // There is no clipboard on a page that came over an insecure connection.
      if (navigator.clipboard === undefined) return tell(false);
      navigator.clipboard.writeText(text).then(
        () => tell(true),
        () => tell(false),
      );
    },
  };
}
