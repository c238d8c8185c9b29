import { Button } from "../plain/button.tsx";
import { MessagePage } from "./message-page.tsx";

export interface FailedPageProps {
  error: Error & { digest?: string };
  reset: () => void;
}

/** Said in place of a page that failed. */
export default function FailedPage({ error, reset }: FailedPageProps) {
  return (
    <MessagePage title="This page failed on our side.">
      <p>
        Nothing you handed in is affected. Try again; if it stays, tell staff
        {error.digest ? (
          <>
            {" "}
            the reference <span className="mono">{error.digest}</span>
          </>
        ) : (
          " what you did"
        )}
        .
      </p>
      <Button onClick={reset}>Try again</Button>
    </MessagePage>
  );
}
