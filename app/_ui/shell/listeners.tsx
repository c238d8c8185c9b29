import { FollowLinks } from "./follow-links.tsx";
import { ShortcutHelp } from "./shortcut-help.tsx";
import { WaitingBar } from "./waiting-bar.tsx";

/** What listens on every page. Each is small: all of it is loaded for a page of four sentences too. */
export function Listeners() {
  return (
    <>
      <FollowLinks />
      <ShortcutHelp />
      <WaitingBar />
    </>
  );
}
