import { News } from "./news.tsx";
import { Notice } from "./notice.tsx";

/** What the reader has just asked for was not done, and why; nothing where it was. */
export function RefusedNews({ sentence }: { sentence: string | null }) {
  if (sentence === null) return null;
  return (
    <News parameter="refused">
      <Notice tone="bad" announce>
        <b>Nothing was done.</b> {sentence}
      </Notice>
    </News>
  );
}
