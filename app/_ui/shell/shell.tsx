import {
  IconDeviceDesktop,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconSun,
  IconUserCircle,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Reader } from "../../_server/queries/reader.ts";
import { PageLink } from "../page/links.tsx";
import { AllZones } from "../time/all-zones.tsx";
import { ArrivalFocus } from "./arrival-focus.tsx";
import { Brand } from "./brand.tsx";
import { ColorSchemeToggle } from "./color-scheme-toggle.tsx";
import { KeptHash } from "./kept-hash.tsx";
import { NoticeCount } from "./notice-count.tsx";
import { ReaderZone } from "./reader-zone.tsx";
import classes from "./shell.module.css";
import { ShortcutButton } from "./shortcut-button.tsx";
import { SignOutForm } from "./sign-out-form.tsx";

export type Section = "home" | "course" | "submissions" | "staff" | null;

interface ShellProps {
  reader: Reader;
  /** The course the page belongs to; null on pages of no course. */
  course: { slug: string; title: string } | null;
  section: Section;
  /** Wider than text pages: the run page and the staff tables. */
  wide?: boolean;
  /** About a failure, in place of the page of this address: its parts are not asked for again. */
  still?: boolean;
  children: ReactNode;
}

/** The frame of every page: skip link, where you are, who you are, and the main landmark. */
export function Shell({ reader, course, section, wide, still, children }: ShellProps) {
  return (
    <>
      <a className={classes.skip} href="#main">
        Skip to the content
      </a>
      {still ? null : <ReaderZone told={reader.cookieZone} />}
      <KeptHash />
      <ArrivalFocus />
      <header className={classes.header}>
        <div className={classes.bar} data-wide={wide || undefined}>
          <PageLink href="/" className={classes.brand} data-shortcut="g h" data-shortcut-label="Go home">
            <Brand /> Drydock
          </PageLink>
          {course ? (
            <PageLink href={`/courses/${course.slug}`} className={classes.course} title={course.title}>
              {course.title}
            </PageLink>
          ) : null}
          <CourseNav reader={reader} course={course} section={section} />
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
      <main id="main" tabIndex={-1} className={classes.main} data-wide={wide || undefined}>
        {children}
      </main>
      <footer className={classes.footer}>
        <div className={classes.bar} data-wide={wide || undefined}>
          <PageLink href="/receipts">Check a receipt</PageLink>
          <a href="/.well-known/jwks.json">Keys that receipts are signed with</a>
          <AllZones zone={reader.zone} />
        </div>
      </footer>
    </>
  );
}

function CourseNav({ reader, course, section }: Pick<ShellProps, "reader" | "course" | "section">) {
  if (!course) return <span className={classes.nav} />;
  const links: { section: Section; href: string; label: string; keys: string }[] = [
    { section: "course", href: `/courses/${course.slug}`, label: "Course", keys: "g c" },
    {
      section: "submissions",
      href: `/courses/${course.slug}/submissions`,
      label: "My submissions",
      keys: "g s",
    },
  ];
  if (reader.isStaff) {
    links.push({
      section: "staff",
      href: `/staff/${course.slug}/submissions`,
      label: "All submissions",
      keys: "g a",
    });
  }
  return (
    <nav className={classes.nav} aria-label="Course">
      {links.map((link) => (
        <PageLink
          key={link.href}
          href={link.href}
          aria-current={link.section === section ? "page" : undefined}
          data-shortcut={link.keys}
          data-shortcut-label={`Go to: ${link.label}`}
        >
          {link.label}
        </PageLink>
      ))}
    </nav>
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
