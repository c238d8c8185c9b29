"use client";

import { IconBell, IconBellCheck, IconBellOff } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { Button } from "../../plain/button.tsx";

interface TellAtEndProps {
  runId: string;
  /** The run has ended. */
  final: boolean;
  /** Said then: the tab's title. */
  title: string;
}

type Wish = "none" | "wanted" | "denied";

/**
 * A notice of the browser's when the run has ended, for whoever asked for it by a press: a page that asks by itself is
 * refused for ever. The wish is kept for as long as the tab is open.
 */
export function TellAtEnd({ runId, final, title }: TellAtEndProps) {
  const [wish, setWish] = useState<Wish>("none");
  const key = `tell-at-end:${runId}`;
  useEffect(() => {
    const may = typeof Notification !== "undefined" && Notification.permission === "granted";
    if (may && window.sessionStorage.getItem(key) !== null) setWish("wanted");
  }, [key]);
  useEffect(() => {
    if (!final || wish !== "wanted") return;
    window.sessionStorage.removeItem(key);
    setWish("none");
    const notice = new Notification(title, { body: "Your run in Drydock has ended.", tag: key });
    notice.onclick = () => {
      window.focus();
      notice.close();
    };
  }, [final, wish, title, key]);
  if (final) return null;

  const press = async () => {
    if (wish === "wanted") {
      window.sessionStorage.removeItem(key);
      setWish("none");
      return;
    }
    const answer = typeof Notification === "undefined" ? "denied" : await Notification.requestPermission();
    if (answer === "granted") window.sessionStorage.setItem(key, "yes");
    setWish(answer === "granted" ? "wanted" : "denied");
  };
  const Icon = icons[wish];
  return (
    <Button
      className="needs-script"
      variant="default"
      aria-pressed={wish === "wanted"}
      leftSection={<Icon size={16} aria-hidden />}
      onClick={press}
    >
      <span aria-live="polite">{words[wish]}</span>
    </Button>
  );
}

const icons = { none: IconBell, wanted: IconBellCheck, denied: IconBellOff };
const words = {
  none: "Tell me when it ends",
  wanted: "You will be told",
  denied: "Your browser does not allow it",
};
