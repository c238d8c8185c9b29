/** What kept the store from doing its part. */
export type StorageTrouble =
  | "credentials"
  | "clock"
  | "permission"
  | "bucket"
  | "region"
  | "throttled"
  | "unreachable"
  | "conflict"
  | "other";

const passing: readonly StorageTrouble[] = ["throttled", "unreachable", "conflict"];

/** Trouble of the store itself. The message is for whoever runs Drydock and names what to change. */
export class StorageError extends Error {
  override readonly name = "StorageError";
  constructor(
    readonly trouble: StorageTrouble,
    message: string,
    cause: unknown,
    /** Which one is missing, such as s3:PutObject; null for other trouble. */
    readonly permission: string | null = null,
  ) {
    super(message, { cause });
  }

  /** Whether the same may succeed later without a change. */
  get retryable(): boolean {
    return passing.includes(this.trouble);
  }
}
