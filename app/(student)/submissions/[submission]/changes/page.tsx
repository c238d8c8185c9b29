import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { requirePage } from "#app/_server/page.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { readChanges } from "#app/_server/queries/submission/changes-view.ts";
import { findHandedIn, storedAttempt } from "#app/_server/queries/submission/handed-in.ts";
import { AgainstForm } from "#app/_ui/files/against-form.tsx";
import { ChangesPage } from "#app/_ui/files/changes-page.tsx";
import { kindOf } from "#app/_ui/files/language-of.ts";
import { NoList } from "#app/_ui/files/no-list.tsx";
import { SubmissionHead } from "#app/_ui/files/submission-head.tsx";
import { EmptyState, Panel } from "#app/_ui/page/panel.tsx";
import { Shell } from "#app/_ui/shell/shell.tsx";

export const metadata: Metadata = { title: "What changed" };

interface Props {
  params: Promise<{ submission: string }>;
  searchParams: Promise<{ against?: string | string[] }>;
}

/** Against the attempt before, or another one of the same student and exercise that the address names. */
export default async function SubmissionChangesPage({ params, searchParams }: Props) {
  const { submission } = await params;
  const { against } = await searchParams;
  const { actor, services, subject } = await requirePage("submission.view", { submission });
  const view = await findHandedIn(services, actor, subject);
  const others = view.attempts.filter(({ id }) => id !== view.submissionId);
  const before = others.find(({ number }) => number < view.number) ?? null;
  const other = against === undefined ? before : others.find(({ id }) => id === against);
  if (other === undefined) notFound();
  const reader = await readReader(actor, view.course);
  const { own } = view;
  const otherStored = other && (await storedAttempt(services, other.id));
  const zones = { reader: reader.zone, course: view.course.timeZone };
  return (
    <Shell reader={reader} course={view.course} section={own ? "submissions" : "staff"}>
      <SubmissionHead
        view={view}
        own={own}
        tab="changes"
        state={other ? <AgainstForm view={view} others={others} chosen={other} zones={zones} /> : null}
      />
      {other === null ? (
        <Panel title="What changed" flush>
          <EmptyState title="There is no attempt before this one.">
            {others.length === 0
              ? "Whatever is handed in next to this exercise is compared with it here."
              : "It is the first to this exercise; open a later one to see what changed since."}
          </EmptyState>
        </Panel>
      ) : view.stored === null || otherStored === null ? (
        <NoList />
      ) : (
        <ChangesPage
          older={other}
          newer={{ id: view.submissionId, number: view.number }}
          view={
            await readChanges(
              services,
              actor.userId,
              { older: otherStored, newer: view.stored },
              (path) => kindOf(path).language,
            )
          }
        />
      )}
    </Shell>
  );
}
