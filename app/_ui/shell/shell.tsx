import {
  IconDeviceDesktop,
  IconKeyboard,
  IconLogout,
  IconMenu2,
  IconMoon,
  IconSun,
  IconUserCircle,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { currentActor } from "#app/_server/page.ts";
import { type CourseNav, readCourseNav } from "#app/_server/queries/course/course-nav.ts";
import { getServices } from "#app/_server/services.ts";
import type { Reader } from "../../_server/queries/reader.ts";
import { PageLink } from "../page/links.tsx";
import { AllZones } from "../time/all-zones.tsx";
import { ArrivalFocus } from "./arrival-focus.tsx";
import { AsStudent, SeeAsStudent } from "./as-student.tsx";
import { Brand } from "./brand.tsx";
import { ColorSchemeToggle } from "./color-scheme-toggle.tsx";
import { JumpLink } from "./jump-link.tsx";
import { KeptHash } from "./kept-hash.tsx";
import { NoticeCount } from "./notice-count.tsx";
import { ReaderZone } from "./reader-zone.tsx";
import { courseSections, inBar, type Section } from "./sections/course-sections.tsx";
import { CourseSwitch } from "./sections/course-switch.tsx";
import rail from "./sections/rail.module.css";
import { Links, SectionLinks } from "./sections/section-links.tsx";
import classes from "./shell.module.css";
import { ShortcutButton } from "./shortcut-button.tsx";
import { SignOutForm } from "./sign-out-form.tsx";

interface ShellProps {
  reader: Reader;
  /** The course the page belongs to; null on pages of no course. */
  course: { slug: string; code: string; title: string } | null;
  section: Section;
  /** Wider than text pages: the run page and the staff tables. */
  wide?: boolean;
  /** About a failure, in place of the page of this address: its parts are not asked for again. */
  still?: boolean;
  children: ReactNode;
}

/** The frame of every page: skip link, where you are, who you are, where you can go, and the main landmark. */
export async function Shell({ reader, course, section, wide, still, children }: ShellProps) {
  const frame = course === null ? null : await courseFrame(course, reader);
  return (
    <>
      <a className={classes.skip} href="#main">
        Skip to the content
      </a>
      {still ? null : <ReaderZone told={reader.cookieZone} />}
      <KeptHash />
      <ArrivalFocus />
      <header className={classes.header}>
        <div className={classes.bar} data-wide={wide || frame !== null || undefined}>
          {frame ? (
            <Drawer>
              <SectionLinks sections={frame.sections} here={section} />
            </Drawer>
          ) : null}
          <PageLink
            href="/"
            className={classes.brand}
            aria-label="Drydock"
            data-shortcut="g h"
            data-shortcut-label="Go home"
          >
            <Brand /> <span>Drydock</span>
          </PageLink>
          {frame ? <CourseSwitch course={frame.course} courses={frame.nav.courses} /> : null}
          <span className={classes.gap} />
          {frame ? <JumpLink course={frame.course.slug} /> : null}
          <NoticeCount />
          <div className={classes.wide}>
            <ReaderControls reader={reader} />
          </div>
          <details className={classes.narrow}>
            <summary className={classes.control} aria-label={`Account of ${reader.name ?? "nobody"}`}>
              <IconUserCircle size={20} aria-hidden />
            </summary>
            <div className={classes.menu}>
              <ReaderControls reader={reader} />
            </div>
          </details>
        </div>
      </header>
      {reader.seesAsStudent ? <AsStudent /> : null}
      <div className={frame ? rail.frame : undefined}>
        {frame ? (
          <nav className={rail.rail} aria-label="Course">
            <SectionLinks sections={frame.sections} here={section} />
          </nav>
        ) : null}
        <main id="main" tabIndex={-1} className={classes.main} data-wide={wide || undefined}>
          {children}
        </main>
      </div>
      <footer className={classes.footer} data-frame={frame !== null || undefined}>
        <div className={classes.bar} data-wide={wide || undefined}>
          <PageLink href="/receipts">Check a receipt</PageLink>
          <a href="/.well-known/jwks.json">Keys that receipts are signed with</a>
          <AllZones zone={reader.zone} />
        </div>
      </footer>
      {frame ? (
        <nav className={rail.bottom} aria-label="Most used">
          <Links links={inBar(frame.sections)} here={section} keys={false} />
        </nav>
      ) : null}
    </>
  );
}

async function courseFrame(course: { slug: string; code: string; title: string }, reader: Reader) {
  const actor = await currentActor();
  const nav =
    actor === null ? noCourses : await readCourseNav(await getServices(), actor.userId, course.slug);
  return { course, nav, sections: courseSections(course.slug, reader.isStaff, nav) };
}

const noCourses: CourseNav = {
  courses: [],
  has: {
    schedule: false,
    surveys: false,
    announcements: false,
    presentations: false,
    reviews: false,
    conflicts: 0,
  },
  waiting: { surveys: 0, reviews: 0 },
};

/** On a phone: every section behind one button, with or without JavaScript. */
function Drawer({ children }: { children: ReactNode }) {
  return (
    <details className={rail.drawer}>
      <summary className={classes.control} aria-label="Sections of the course">
        <IconMenu2 size={20} aria-hidden />
      </summary>
      <nav className={rail.panel} aria-label="Sections">
        {children}
      </nav>
    </details>
  );
}

const colourIcons = {
  auto: <IconDeviceDesktop size={17} aria-hidden />,
  light: <IconSun size={17} aria-hidden />,
  dark: <IconMoon size={17} aria-hidden />,
};

function ReaderControls({ reader }: { reader: Reader }) {
  return (
    <div className={classes.reader}>
      {reader.name ? (
        <div className={classes.who}>
          <b title={reader.name}>{reader.name}</b>
          <span title={`Times are shown in ${reader.zone}`}>
            {reader.roleWord} · {reader.zone}
          </span>
        </div>
      ) : (
        <div className={classes.who}>
          <span title="Times are shown in this zone">{reader.zone}</span>
        </div>
      )}
      <ShortcutButton>
        <IconKeyboard size={18} aria-hidden />
      </ShortcutButton>
      <ColorSchemeToggle icons={colourIcons} />
      {reader.maySeeAsStudent ? <SeeAsStudent /> : null}
      {reader.name ? (
        <SignOutForm>
          <IconLogout size={17} aria-hidden />
        </SignOutForm>
      ) : (
        <PageLink href="/sign-in" className={classes.control}>
          Sign in
        </PageLink>
      )}
    </div>
  );
}
