/** What a reader may choose; "auto" follows the system. */
export type ColourChoice = "auto" | "light" | "dark";

/** Mantine's own name for it, so that choices made before are kept, and what Mantine draws agrees. */
const key = "mantine-color-scheme-value";
const attribute = "data-mantine-color-scheme";
const darkSystem = "(prefers-color-scheme: dark)";
const listeners = new Set<() => void>();

export function readColours(): ColourChoice {
  try {
    const kept = window.localStorage.getItem(key);
    return kept === "light" || kept === "dark" ? kept : "auto";
  } catch {
    // A browser that keeps nothing: the system's colours.
    return "auto";
  }
}

export function chooseColours(choice: ColourChoice): void {
  try {
    window.localStorage.setItem(key, choice);
  } catch {
    // It holds for this page then.
  }
  show(choice);
}

/** Calls `changed` when this reader chooses, here or in another tab, and keeps the page in the system's colours. */
export function followColours(changed: () => void): () => void {
  listeners.add(changed);
  const system = window.matchMedia(darkSystem);
  const onSystem = () => show(readColours());
  const onStorage = (event: StorageEvent) => {
    if (event.key === key) show(readColours());
  };
  system.addEventListener("change", onSystem);
  window.addEventListener("storage", onStorage);
  return () => {
    listeners.delete(changed);
    system.removeEventListener("change", onSystem);
    window.removeEventListener("storage", onStorage);
  };
}

function show(choice: ColourChoice): void {
  const system = window.matchMedia(darkSystem).matches ? "dark" : "light";
  document.documentElement.setAttribute(attribute, choice === "auto" ? system : choice);
  for (const listener of listeners) listener();
}

/** Run in the page's head, before anything is drawn: the same as above, as text. */
export const colourScript = `try{var c=localStorage.getItem("${key}");document.documentElement.setAttribute("${attribute}",c==="light"||c==="dark"?c:matchMedia("${darkSystem}").matches?"dark":"light")}catch(e){}`;

/** For the page's root element: light until the script above has run; without scripts no-script.css does it. */
export const rootColours = { [attribute]: "light", suppressHydrationWarning: true };
