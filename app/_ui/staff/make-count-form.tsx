"use client";

import { lazy, Suspense } from "react";
import type { MakeCountFormProps } from "./make-count-fields.tsx";

/** Asked for by an address of its own: other pages of runs go without it. */
const MakeCountFields = lazy(() => import("./make-count-fields.tsx"));

export function MakeCountForm(props: MakeCountFormProps) {
  return (
    <Suspense>
      <MakeCountFields {...props} />
    </Suspense>
  );
}
