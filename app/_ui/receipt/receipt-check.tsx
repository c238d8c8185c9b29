"use client";

import { Button, FileInput, Stack, Textarea } from "@mantine/core";
import { type FormEvent, useRef, useState } from "react";
import { type VerifyOutcome, verifyReceipt } from "#course/receipts/verify-receipt.ts";
import { Panel } from "../page/panel.tsx";
import classes from "./receipt-check.module.css";
import { ReceiptVerdict } from "./receipt-verdict.tsx";

interface Props {
  /** The published keys (RFC 7517). They are part of the page, so that it checks without a connection. */
  keys: Parameters<typeof verifyReceipt>[1];
  given: string;
  checked: VerifyOutcome | null;
  zone: string;
}

/** Verifies in the browser: neither receipt nor file leaves the reader's computer. */
export function ReceiptCheck({ keys, given, checked, zone }: Props) {
  const [file, setFile] = useState<File | null>(null);
  const [result, setResult] = useState({ checked, file: null as string | null });
  const [unreadable, setUnreadable] = useState(false);
  const [working, setWorking] = useState(false);
  const columns = useRef<HTMLDivElement>(null);

  async function check(event: FormEvent<HTMLFormElement>) {
    // Browsers compute signatures on secure origins only; elsewhere the form goes to the server, which checks too.
    if (!window.isSecureContext) return;
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get("receipt") ?? "");
    setWorking(true);
    try {
      const sha256 = file === null ? undefined : await sha256Of(file);
      setUnreadable(sha256 === null);
      if (sha256 === null) return;
      setResult({ checked: await verifyReceipt(text, keys, sha256), file: file?.name ?? null });
      // On a phone the answer stands above the form, out of sight of who has just pressed its button.
      requestAnimationFrame(() => columns.current?.scrollIntoView({ block: "nearest" }));
    } finally {
      setWorking(false);
    }
  }

  return (
    <div ref={columns} className={classes.columns} data-answered={result.checked !== null || undefined}>
      <Panel title="Receipt">
        <form method="get" action="/receipts" onSubmit={check}>
          <Stack gap="sm">
            <Textarea
              label="The receipt's text"
              description="All of it, as the submission's page gave it: three parts joined by dots."
              name="receipt"
              defaultValue={given}
              required
              withAsterisk={false}
              autosize
              minRows={5}
              maxRows={14}
              spellCheck={false}
              classNames={{ input: classes.text }}
            />
            <FileInput
              className="needs-script"
              label="The file that was handed in (optional)"
              description="Tells whether the receipt is for exactly this file. It stays on your computer."
              placeholder="Choose a file"
              value={file}
              onChange={setFile}
              error={unreadable ? "It cannot be read: it was moved or changed since. Choose it again." : null}
              clearable
              clearButtonProps={{ "aria-label": "Take the file away" }}
            />
            <Button type="submit" loading={working}>
              Check
            </Button>
          </Stack>
        </form>
      </Panel>
      <Panel title="What it proves">
        {result.checked === null ? (
          <p className={classes.quiet}>
            A receipt proves that Drydock received certain bytes at a certain instant. Paste one to see
            whether it is genuine and what it says. The same check on the command line, without any server:{" "}
            <code>drydock receipt verify FILE --keys jwks.json</code>, with the keys of{" "}
            <a href="/.well-known/jwks.json">/.well-known/jwks.json</a>.
          </p>
        ) : (
          <ReceiptVerdict checked={result.checked} file={result.file} zone={zone} />
        )}
      </Panel>
    </div>
  );
}

/** hex; null when the file cannot be read, because it was moved or changed after it was chosen. */
async function sha256Of(file: File): Promise<string | null> {
  const bytes = await file.arrayBuffer().catch(() => null);
  if (bytes === null) return null;
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
