type Click = Pick<
  MouseEvent,
  "target" | "button" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey" | "defaultPrevented"
>;

/**
 * The page of this site that a press opens, as the router wants it; null where the browser does it by itself: another
 * site or window, a file, a place on the page that is there (`here`, its full address).
 */
export function pageToOpen(click: Click, here: string): string | null {
  const { button, ctrlKey, metaKey, shiftKey, altKey, defaultPrevented } = click;
  if (defaultPrevented || button !== 0 || ctrlKey || metaKey || shiftKey || altKey) return null;
  const link = linkAt(click.target);
  if (link === null || (link.target !== "" && link.target !== "_self") || link.hasAttribute("download")) {
    return null;
  }
  const to = new URL(link.href);
  if (to.hash !== "" && withoutHash(to) === withoutHash(new URL(here))) return null;
  return to.pathname + to.search + to.hash;
}

/** The page that is fetched ahead when the reader points here; null for none, and for the page that is there. */
export function pageToFetch(target: EventTarget | null, here: string): string | null {
  const link = linkAt(target);
  if (link === null) return null;
  const to = new URL(link.href);
  return withoutHash(to) === withoutHash(new URL(here)) ? null : to.pathname + to.search;
}

function linkAt(target: EventTarget | null): HTMLAnchorElement | null {
  return target instanceof Element ? target.closest<HTMLAnchorElement>("a[data-page]") : null;
}

const withoutHash = ({ origin, pathname, search }: URL) => origin + pathname + search;
