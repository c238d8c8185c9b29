"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { zoneCookie } from "./zone-cookie.ts";

/**
 * Tells the server in which zone the reader sits, so that the next answer is already written in it, and asks
 * for this page again when the server did not know.
 */
export function ReaderZone({ told }: { told: string | null }) {
  const router = useRouter();
  useEffect(() => {
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!here || here === told) return;
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox and Safari
    document.cookie = `${zoneCookie}=${encodeURIComponent(here)}; path=/; max-age=31536000; samesite=lax`;
    router.refresh();
  }, [told, router]);
  return null;
}
