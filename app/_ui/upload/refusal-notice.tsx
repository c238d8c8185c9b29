import { Notice } from "../page/notice.tsx";

/**
 * Says why an upload was not accepted, and what that means for earlier ones. refused: the server has judged it; else
 * it said nothing about the work, and the chosen files are still there.
 */
export function RefusalNotice({ message, refused = true }: { message: string; refused?: boolean }) {
  return (
    <Notice tone="bad" announce>
      <p>
        <b>{refused ? "Not accepted." : "Not handed in yet."}</b> {message}
      </p>
      <p>Nothing you handed in before has changed.</p>
    </Notice>
  );
}
