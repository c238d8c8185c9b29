"use client";

import { useEffect } from "react";

/** Has the browser load the address as a document of its own, with all that the server puts round it. */
export function LoadAnew() {
  useEffect(() => window.location.reload(), []);
  return null;
}
