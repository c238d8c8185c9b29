import { PageLink } from "../../page/links.tsx";
import type { CourseSections, Section, SectionLink } from "./course-sections.tsx";
import classes from "./rail.module.css";

/** Every section of a course, in its groups; the same in the rail and in the drawer. */
export function SectionLinks({ sections, here }: { sections: CourseSections; here: Section }) {
  return (
    <>
      <Links links={sections.course} here={here} />
      {sections.staff.length > 0 ? (
        <>
          <p className={classes.group}>Staff</p>
          <Links links={sections.staff} here={here} />
        </>
      ) : null}
    </>
  );
}

/** keys: whether pressing them leads there; once a page, so not of a second list of the same. */
export function Links({ links, here, keys = true }: { links: SectionLink[]; here: Section; keys?: boolean }) {
  return (
    <ul className={classes.links}>
      {links.map((link) => (
        <li key={link.href}>
          <PageLink
            href={link.href}
            aria-current={link.section === here ? "page" : undefined}
            {...(keys ? { "data-shortcut": link.keys, "data-shortcut-label": `Go to: ${link.label}` } : {})}
          >
            {link.icon}
            <span>{link.label}</span>
            {link.count ? (
              <small className={classes.count}>
                {link.count.waiting}
                <span> {link.count.words}</span>
              </small>
            ) : null}
          </PageLink>
        </li>
      ))}
    </ul>
  );
}
