import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import type { JSONWebKeySet } from "jose";
import { z } from "zod";
import type { AnyReceiptClaims } from "#course/receipts/receipt-claims.ts";
import { verifyReceipt } from "#course/receipts/verify-receipt.ts";
import { loadConfig } from "#infra/config/config.ts";
import { CommandFailure, type ExitCode, exitCode } from "../exit.ts";
import { paint, printable, type Terminal } from "../terminal.ts";

/** A receipt is a few hundred bytes; what is larger is some other file. */
const maxReceiptBytes = 64 * 1024;

/** `drydock receipt verify`: 0 when the receipt is genuine (and for these bytes), 1 when not, 2 when it cannot be told. */
export async function receiptVerify(
  terminal: Terminal,
  file: string,
  options: { keys?: string; submission?: string },
): Promise<ExitCode> {
  const jws = findReceipt(await readText(file));
  const source = options.keys ?? `${loadConfig().baseUrl}/.well-known/jwks.json`;
  const keys = await readKeys(source);
  const sha256 = options.submission === undefined ? undefined : await hashFile(options.submission);
  const verified = await verifyReceipt(jws, keys, sha256);
  if (verified.outcome === "invalid") {
    terminal.out.write(`${paint(terminal.out, "red", "invalid")}  ${verified.message}\n`);
    if (verified.code === "unknown-key") {
      const another =
        options.keys === undefined ? " To ask another Drydock, give its address with --keys." : "";
      terminal.out.write(`The keys are those of ${printable(source)}.${another}\n`);
    }
    return exitCode.no;
  }
  const { claims, kid } = verified;
  const lines = [
    `${paint(terminal.out, "green", "valid")}  signed by the key ${kid}`,
    ...describe(claims),
    sha256 === undefined
      ? "It proves that these bytes were received then; give --submission FILE to see whether a file is those bytes."
      : `It proves that ${options.submission} was received then, byte for byte.`,
  ];
  terminal.out.write(`${lines.join("\n")}\n`);
  return exitCode.ok;
}

function describe(claims: AnyReceiptClaims): string[] {
  const whose =
    "version" in claims
      ? [
          `  person      ${printable(claims.person.email)} (${printable(claims.person.id)})`,
          `  site        ${printable(claims.site.address)} (${printable(claims.site.deployment)}, ${printable(claims.site.installation)})`,
        ]
      : ["  person      not named: the receipt is of the first version"];
  const sent = "version" in claims ? [`  sent        ${claims.firstByteAt} to ${claims.lastByteAt}`] : [];
  const due = claims.dueAt === null ? "no deadline" : `due ${claims.dueAt}`;
  return [
    `  submission  ${printable(claims.sub)} to ${printable(claims.exercise)}`,
    ...whose,
    ...sent,
    `  received    ${claims.receivedAt} (${due}, ${claims.late ? "late" : "on time"})`,
    `  file        ${printable(claims.fileName)}, ${claims.bytes} bytes`,
    `  sha256      ${claims.sha256}`,
  ];
}

/** The bare text, or the JSON of the API or of a saved receipt with the text under `jws`. */
function findReceipt(text: string): string {
  const trimmed = text.trim();
  if (!trimmed.startsWith("{")) return trimmed;
  const shape = z.union([
    z.object({ jws: z.string() }),
    z.object({ receipt: z.object({ jws: z.string() }) }),
  ]);
  const parsed = shape.safeParse(parseJson(trimmed));
  // What is no receipt in JSON either is judged, and refused, as it stands.
  if (!parsed.success) return trimmed;
  return "jws" in parsed.data ? parsed.data.jws : parsed.data.receipt.jws;
}

const keySet = z.object({ keys: z.array(z.record(z.string(), z.unknown())).min(1) });

async function readKeys(source: string): Promise<JSONWebKeySet> {
  const text = /^https?:\/\//.test(source) ? await fetchText(source) : await readText(source);
  const parsed = keySet.safeParse(parseJson(text));
  if (!parsed.success) {
    throw new CommandFailure(
      exitCode.badInput,
      `${source} holds no published keys; it must be JSON with "keys", as at /.well-known/jwks.json.`,
    );
  }
  return parsed.data as unknown as JSONWebKeySet;
}

async function fetchText(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    if (response.ok) return await response.text();
    throw new Error(`it answered ${response.status}`);
  } catch (error) {
    throw new CommandFailure(
      exitCode.badInput,
      `The published keys could not be fetched from ${url}: ${reasonOf(error)}. Give --keys with the address or a saved copy of /.well-known/jwks.json.`,
      { cause: error },
    );
  }
}

/** fetch hides what happened in its error's cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  return cause?.code ?? cause?.message ?? error.message;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No JSON is no valid shape either; the caller says what was expected.
    return undefined;
  }
}

async function readText(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(file, error);
  });
  if (bytes.length > maxReceiptBytes) {
    throw new CommandFailure(exitCode.badInput, `${file} is too large to be a receipt or a set of keys.`);
  }
  return bytes.toString("utf8");
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(file), hash);
  } catch (error) {
    throw unreadable(file, error as NodeJS.ErrnoException);
  }
  return hash.digest("hex");
}

function unreadable(file: string, error: NodeJS.ErrnoException): CommandFailure {
  const why =
    error.code === "ENOENT" ? `There is no file ${file}.` : `${file} could not be read (${error.code}).`;
  return new CommandFailure(exitCode.badInput, why, { cause: error });
}
