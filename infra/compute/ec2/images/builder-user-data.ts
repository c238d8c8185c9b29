import { readFile } from "node:fs/promises";
import path from "node:path";
import { mostUserDataBytes } from "../user-data.ts";
import { ImageError } from "./image-error.ts";

export interface BuilderOrder {
  /** A link to what the builder unpacks at /, good for as long as the builder lives. */
  archiveAddress: string;
  /** hex */
  archiveSha256: string;
  /** Of provision.sh, in their order. */
  steps: readonly string[];
  /** After which it powers off by itself. */
  minutes: number;
}

const script = path.join(import.meta.dirname, "instance-builder/build.sh");

/** The script that a builder runs, with its order before it; as text. Throws ImageError where EC2 would not take it. */
export async function builderUserData(order: BuilderOrder): Promise<string> {
  const settings = {
    archive_address: order.archiveAddress,
    archive_sha256: order.archiveSha256,
    steps: order.steps.join(" "),
    minutes: String(order.minutes),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${quoted(value)}`);
  const text = ["#!/bin/bash", ...lines, await readFile(script, "utf8")].join("\n");
  const bytes = Buffer.byteLength(text);
  if (bytes > mostUserDataBytes)
    throw new ImageError(
      "machine-image-failed",
      `The builder's user data have ${bytes} bytes, and EC2 takes ${mostUserDataBytes}: the link in them is too long.`,
    );
  return text;
}

/** As one word of a shell, whatever is in it. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
