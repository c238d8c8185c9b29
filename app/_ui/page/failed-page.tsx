import { Button } from "../plain/button.tsx";
import { FailedWords } from "./failed-words.tsx";
import { MessagePage } from "./message-page.tsx";

export interface FailedPageProps {
  error: Error & { digest?: string };
  reset: () => void;
}

/** Said in place of a page that failed. */
export default function FailedPage({ error, reset }: FailedPageProps) {
  return (
    <MessagePage title="This page failed on our side.">
      <FailedWords reference={error.digest ?? null} />
      <Button onClick={reset}>Try again</Button>
    </MessagePage>
  );
}
