"use client";

import { lazy, Suspense } from "react";
import type { FailedPageProps } from "./_ui/page/failed-page.tsx";

/**
 * Every page carries this file; what it shows is loaded when a part that the browser's script asked for failed. In place
 * of a whole document that failed stands app/(public)/failed.
 */
const FailedPage = lazy(() => import("./_ui/page/failed-page.tsx"));

export default function ErrorPage(props: FailedPageProps) {
  return (
    <Suspense>
      <FailedPage {...props} />
    </Suspense>
  );
}
