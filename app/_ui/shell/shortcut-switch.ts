/** Where this browser keeps that its reader wants no shortcuts of single keys; anything but "off" is on. */
const place = "drydock-shortcuts";

/** Who speaks to the computer types letters without meaning to: single keys can be switched off (WCAG 2.1.4). */
export function shortcutsAreOn(): boolean {
  try {
    return localStorage.getItem(place) !== "off";
  } catch {
    // A browser that keeps nothing for this site keeps no choice either.
    return true;
  }
}

/** Gives whether the browser has kept it. */
export function switchShortcuts(on: boolean): boolean {
  try {
    if (on) localStorage.removeItem(place);
    else localStorage.setItem(place, "off");
    return true;
  } catch {
    return false;
  }
}
