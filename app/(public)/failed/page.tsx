import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { failureHeader } from "#app/_server/front-door/failures/failure-header.ts";
import { requirePage } from "#app/_server/page.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { FailedWords } from "#app/_ui/page/failed-words.tsx";
import { PageHead } from "#app/_ui/page/page-head.tsx";
import { Shell } from "#app/_ui/shell/shell.tsx";

export const metadata: Metadata = { title: "Failed" };

/** What is shown in place of a page that failed, under that page's own address. */
export default async function FailedPage() {
  const { actor } = await requirePage("site.view");
  const reference = (await headers()).get(failureHeader) ?? notFound();
  return (
    <Shell reader={await readReader(actor, null)} course={null} section={null} still>
      <PageHead title="This page failed on our side." />
      <FailedWords reference={reference} />
      <p>
        {/* biome-ignore lint/a11y/useValidAnchor: the address that the reader is at, which is not this page's */}
        <a href="">Load the page again</a>
      </p>
    </Shell>
  );
}
