import { Panel } from "../../page/panel.tsx";

/** What is done so that nobody knows who answered what; each sentence is held by tests/integration/surveys. */
export function Anonymity() {
  return (
    <Panel title="Why nobody can tell which answers are yours">
      <p>
        Your browser makes a random token and has it signed without showing it; that is when your completion,
        and with it your credit, is recorded. It then hands in your answers with that token in a request that
        carries no sign-in, and they are stored question by question without name or time. They wait,
        encrypted, to be written among those of others in random order, so neither staff nor whoever has the
        whole database can say which are yours.
      </p>
      <details>
        <summary>What it does not hide</summary>
        <p>
          Your own words: staff see what you write as you wrote it, so leave out what only you would say. How
          many of your section completed the survey, and that you did, is known. Nothing is shown while fewer
          than five of a section answered.
        </p>
      </details>
      <noscript>
        <p>
          Answering needs JavaScript, because the part that keeps you anonymous runs in your own browser.
          Without it nothing is sent and nothing is recorded: use a browser that allows it for this site.
        </p>
      </noscript>
    </Panel>
  );
}
