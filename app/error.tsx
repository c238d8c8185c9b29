"use client";

import { MessagePage } from "./_ui/page/message-page.tsx";
import { Button } from "./_ui/plain/button.tsx";

interface ErrorPageProps {
  error: Error & { digest?: string };
  reset: () => void;
}

export default function ErrorPage({ error, reset }: ErrorPageProps) {
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
