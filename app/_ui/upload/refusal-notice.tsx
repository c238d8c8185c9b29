import { Notice } from "../page/notice.tsx";

/** Says why an upload was not accepted, and what that means for earlier ones. */
export function RefusalNotice({ message }: { message: string }) {
  return (
    <Notice tone="bad" announce>
      <p>
        <b>Not accepted.</b> {message}
      </p>
      <p>Nothing you handed in before has changed.</p>
    </Notice>
  );
}
