import { IconBell } from "@tabler/icons-react";
import { currentActor } from "#app/_server/page.ts";
import { countOpenNotices } from "#app/_server/queries/staff-notices.ts";
import { getServices } from "#app/_server/services.ts";
import { plural } from "../format.ts";
import { PageLink } from "../page/links.tsx";
import classes from "./shell.module.css";

/** How many notices wait for this reader as staff; nothing where none does. */
export async function NoticeCount() {
  const actor = await currentActor();
  if (actor === null) return null;
  const count = await countOpenNotices(await getServices(), actor);
  if (count === 0) return null;
  const words = plural(count, "open notice");
  return (
    <PageLink href="/#notices" className={classes.control} aria-label={words} title={words}>
      <IconBell size={17} aria-hidden /> <span className="num">{count}</span>
    </PageLink>
  );
}
