import { notFound, permanentRedirect } from "next/navigation";
import { requirePage } from "#app/_server/page.ts";
import { assignmentNow } from "#app/_server/queries/course/former-slugs.ts";
import { assignmentPath } from "#app/_ui/addresses.ts";

interface Props {
  params: Promise<{ course: string; old: string[] }>;
}

/** Addresses from before assignments stood below their own word lead to where they are now. */
export default async function OldAddressPage({ params }: Props) {
  const { course, old } = await params;
  const { services, subject } = await requirePage("course.view", { course });
  const [slug = "", ...rest] = old;
  const now = rest.length > 1 ? null : await assignmentNow(services, subject.courseId, slug);
  if (now === null) notFound();
  permanentRedirect([assignmentPath(course, now), ...rest.map(encodeURIComponent)].join("/"));
}
