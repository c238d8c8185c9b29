import { IconDownload } from "@tabler/icons-react";
import type { ReceiptView } from "#app/_server/queries/run/run-view.ts";
import { changesAddress, filesAddress } from "../files/file-address.ts";
import { formatBytes } from "../format.ts";
import { CopyText } from "../page/copy-button.tsx";
import { LinkButton, TextLink } from "../page/links.tsx";
import { Facts } from "../page/panel.tsx";
import { StateTag } from "../state/state-tag.tsx";
import { EndTime } from "../time/end-time.tsx";
import { ZonedTime, type Zones } from "../time/zoned-time.tsx";
import classes from "./receipt-card.module.css";

/** The signed proof that a submission was received, to copy, to save, and how to verify it without Drydock. */
export function ReceiptCard({ receipt, zones }: { receipt: ReceiptView; zones: Zones }) {
  return (
    <div className={classes.card}>
      <Facts
        rows={[
          { name: "File", value: `${receipt.fileName} (${formatBytes(receipt.bytes)})` },
          { name: "In it", value: <LookInside receipt={receipt} /> },
          { name: "Received", value: <ZonedTime iso={receipt.receivedAt} zones={zones} seconds /> },
          {
            name: "Deadline",
            value: receipt.dueAt ? <EndTime iso={receipt.dueAt} zones={zones} seconds /> : "none",
          },
          { name: "At reception", value: <StateTag state={receipt.late ? "late" : "on_time"} /> },
          { name: "SHA-256", value: <span className="mono">{receipt.sha256}</span> },
          { name: "Submission", value: <span className="mono">{receipt.submissionId}</span> },
        ]}
      />
      <details className={classes.signed}>
        <summary>The signed receipt, and how to verify it</summary>
        <p>
          <a href={`/receipts?receipt=${encodeURIComponent(receipt.jws)}`}>Check it here</a>, or save it, and
          beside it the keys published at <a href="/.well-known/jwks.json">/.well-known/jwks.json</a>, and run{" "}
          <code>drydock receipt verify receipt-{receipt.submissionId}.jws --keys jwks.json</code>. Both check
          the signature; the command needs no connection then.
        </p>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keyboard too */}
        <code className={classes.jws} tabIndex={0}>
          {receipt.jws}
        </code>
      </details>
      <div className={classes.tools}>
        <CopyText value={receipt.jws} label="Copy receipt" />
        <LinkButton
          href={`/api/submissions/${receipt.submissionId}/receipt`}
          download
          size="compact-sm"
          variant="default"
          leftSection={<IconDownload size={14} aria-hidden />}
        >
          Download receipt
        </LinkButton>
      </div>
    </div>
  );
}

/** The ways to what was handed in, and to what changed since the attempt before. */
function LookInside({ receipt: { submissionId, number } }: { receipt: ReceiptView }) {
  return (
    <>
      <TextLink href={filesAddress(submissionId)}>look at the files</TextLink>
      {number > 1 ? (
        <>
          , <TextLink href={changesAddress(submissionId)}>what changed since the attempt before</TextLink>
        </>
      ) : null}
    </>
  );
}
