import path from "node:path";
import type { SweptFileStore } from "#grading/submissions/ports.ts";
import { type Config, ConfigError } from "#infra/config/config.ts";
import { createDiskStore } from "./disk.ts";

export type StoreSettings = Pick<Config, "files" | "bucket" | "dataDir">;

/** The store of the configuration; `kind` for another one of it. Opens no connection, and loads S3's client for S3 alone. */
export async function openFileStore(settings: StoreSettings, kind = settings.files): Promise<SweptFileStore> {
  if (kind === "disk") return createDiskStore(path.join(settings.dataDir, "files"));
  if (settings.bucket === null) {
    throw new ConfigError("No bucket is named: set DRYDOCK_S3_BUCKET.");
  }
  const { createS3Store } = await import("./s3/s3-store.ts");
  return createS3Store(settings.bucket);
}
