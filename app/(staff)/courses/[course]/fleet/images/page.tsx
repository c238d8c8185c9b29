import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { requirePage } from "#app/_server/page.ts";
import { findCourse } from "#app/_server/queries/course/course-page.ts";
import { pageTitle } from "#app/_server/queries/course/page-titles.ts";
import { readMachineImages } from "#app/_server/queries/machine-images.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { allSubmissionsPath, coursePath, fleetPath } from "#app/_ui/addresses.ts";
import { TextLink } from "#app/_ui/page/links.tsx";
import { PageHead } from "#app/_ui/page/page-head.tsx";
import { EmptyState, Panel } from "#app/_ui/page/panel.tsx";
import { Shell } from "#app/_ui/shell/shell.tsx";
import { MachineImagePanel } from "#app/_ui/staff/machine-image-panel.tsx";

interface Props {
  params: Promise<{ course: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { course: slug } = await params;
  const { services } = await requirePage("machine.list", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  return { title: pageTitle("Machine images", course) };
}

export default async function MachinesPage({ params }: Props) {
  const { course: slug } = await params;
  const { actor, services } = await requirePage("machine.list", { course: slug });
  const course = (await findCourse(services, slug)) ?? notFound();
  const reader = await readReader(actor, course);
  const inAccount = services.config.provider === "ec2";
  const images = inAccount ? [] : await readMachineImages(services);
  const zones = { reader: reader.zone, course: course.timeZone };
  return (
    <Shell reader={reader} course={course} section="fleet" wide>
      <PageHead
        crumbs={[
          { label: course.code, href: coursePath(slug) },
          { label: "All submissions", href: allSubmissionsPath(slug) },
        ]}
        title="Machine images"
        actions={<TextLink href={fleetPath(slug)}>Fleet</TextLink>}
        state={
          inAccount
            ? "What machines on EC2 are made from is made by whoever runs Drydock."
            : `What machines are made from is made anew after ${services.config.imageDays} days.`
        }
      />
      {inAccount ? (
        <Panel title="Images" flush>
          <EmptyState title="They are in the AWS account.">
            Whoever runs Drydock sees them with <code>drydock machine-image list</code>.
          </EmptyState>
        </Panel>
      ) : images.length === 0 ? (
        <Panel title="Images" flush>
          <EmptyState title="Nothing is known yet.">
            The worker says what its machines are made from shortly after it has started.
          </EmptyState>
        </Panel>
      ) : (
        images.map((image) => <MachineImagePanel key={image.title} image={image} zones={zones} />)
      )}
    </Shell>
  );
}
