import type { Metadata } from "next";
import { requirePage } from "#app/_server/page.ts";
import { readReader } from "#app/_server/queries/reader.ts";
import { PageHead } from "#app/_ui/page/page-head.tsx";
import { ReceiptCheck } from "#app/_ui/receipt/receipt-check.tsx";
import { WidgetShell } from "#app/_ui/shell/widget-shell.tsx";
import { verifyReceipt } from "#course/receipts/verify-receipt.ts";

export const metadata: Metadata = { title: "Check a receipt" };

interface Props {
  searchParams: Promise<{ receipt?: string | string[] }>;
}

/** Open to anybody: a receipt proves what it says to whoever holds it. */
export default async function ReceiptsPage({ searchParams }: Props) {
  const { actor, services } = await requirePage("site.view");
  const { receipt } = await searchParams;
  const given = typeof receipt === "string" ? receipt.trim() : "";
  const reader = await readReader(actor, null);
  const keys = await services.receiptKeys.published();
  return (
    <WidgetShell reader={reader} course={null} section={null}>
      <PageHead title="Check a receipt" />
      <ReceiptCheck
        keys={keys}
        given={given}
        // The answer for readers without JavaScript; with it the browser checks by itself.
        checked={given === "" ? null : await verifyReceipt(given, keys)}
        zone={reader.zone}
      />
    </WidgetShell>
  );
}
