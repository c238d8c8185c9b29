import type { Metadata } from "next";
import { headers } from "next/headers";
import { failureHeader } from "./_server/front-door/failures/failure-header.ts";
import { currentActor } from "./_server/page.ts";
import { readReader } from "./_server/queries/reader.ts";
import { AbsentWords } from "./_ui/page/absent-words.tsx";
import { MessagePage } from "./_ui/page/message-page.tsx";
import { PageHead } from "./_ui/page/page-head.tsx";
import { Shell } from "./_ui/shell/shell.tsx";

export const metadata: Metadata = { title: "Not found" };

const title = "We cannot find that page.";

/**
 * Whole, with the site's frame, where it is the document (app/_server/front-door/failures/whole-failure.ts). Next also makes it
 * with every page, in case that one is not found after all: there it is kept short, asks nobody anything,
 * and has the document loaded where a link led to it: by its mark (_ui/shell/follow-links.tsx), since a component for
 * browsers in it would have every page load the frame's scripts twice.
 */
export default async function NotFound() {
  if ((await headers()).get(failureHeader) === null) {
    return (
      <MessagePage title={title}>
        <div data-load-anew>
          <AbsentWords email={undefined} />
        </div>
      </MessagePage>
    );
  }
  const actor = await currentActor();
  return (
    <Shell reader={await readReader(actor, null)} course={null} section={null} still>
      <PageHead title={title} />
      <AbsentWords email={actor?.email ?? null} />
    </Shell>
  );
}
