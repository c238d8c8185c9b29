import { Stack } from "@mantine/core";
import type { AnyReceiptClaims } from "#course/receipts/receipt-claims.ts";
import type { VerifyOutcome } from "#course/receipts/verify-receipt.ts";
import { formatBytes } from "../format.ts";
import { Notice } from "../page/notice.tsx";
import { Facts } from "../page/panel.tsx";
import { StateTag } from "../state/state-tag.tsx";
import { EndTime } from "../time/end-time.tsx";
import { ZonedTime } from "../time/zoned-time.tsx";
import classes from "./receipt-check.module.css";

interface Props {
  checked: VerifyOutcome;
  /** Name of the file whose bytes were compared; null when there was none. */
  file: string | null;
  zone: string;
}

/** Receipts of the first version name neither person nor site. */
function whoseRows(claims: AnyReceiptClaims) {
  if (!("version" in claims)) return [];
  const { person, site } = claims;
  return [
    { name: "Handed in by", value: `${person.email} (${person.id})` },
    { name: "Received by", value: `${site.address} (${site.deployment}, ${site.installation})` },
  ];
}

/** One sentence that settles it, then what the receipt says. */
export function ReceiptVerdict({ checked, file, zone }: Props) {
  if (checked.outcome === "invalid" && checked.code !== "file-differs") {
    return (
      <Notice tone="bad" announce>
        {checked.message}
      </Notice>
    );
  }
  return (
    <Stack gap="sm">
      {checked.outcome === "valid" ? (
        <Notice tone="ok" announce>
          {file === null
            ? "The receipt is genuine: these bytes were received then."
            : `The receipt is genuine, and for exactly the bytes of ${file}.`}
        </Notice>
      ) : (
        <Notice tone="bad" announce>
          <p>
            The receipt is genuine, but for other bytes than those of {file ?? "this file"}. Compare with the
            file as it was uploaded: the submission’s page gives it back.
          </p>
          <Sums rows={{ receipt: checked.claims.sha256, file: checked.fileSha256 }} />
        </Notice>
      )}
      <ClaimFacts {...checked} zone={zone} />
    </Stack>
  );
}

/** The two sums under each other, digit below digit. */
function Sums({ rows }: { rows: { receipt: string; file: string } }) {
  return (
    <dl className={classes.sums}>
      <dt>SHA-256 in the receipt</dt>
      <dd>{rows.receipt}</dd>
      <dt>SHA-256 of the file</dt>
      <dd>{rows.file.toLowerCase()}</dd>
    </dl>
  );
}

function ClaimFacts({ claims, kid, zone }: { claims: AnyReceiptClaims; kid: string; zone: string }) {
  const zones = { reader: zone, course: zone };
  return (
    <Facts
      rows={[
        { name: "Submission", value: claims.sub },
        ...whoseRows(claims),
        { name: "Exercise", value: claims.exercise },
        { name: "Received", value: <ZonedTime iso={claims.receivedAt} zones={zones} seconds /> },
        {
          name: "Deadline",
          value: claims.dueAt === null ? "none" : <EndTime iso={claims.dueAt} zones={zones} seconds />,
        },
        { name: "At reception", value: <StateTag state={claims.late ? "late" : "on_time"} /> },
        { name: "File", value: `${claims.fileName} (${formatBytes(claims.bytes)})` },
        { name: "SHA-256", value: <code className={classes.hash}>{claims.sha256}</code> },
        { name: "Signed by", value: <code className={classes.hash}>{kid}</code> },
      ]}
    />
  );
}
