/**
 * An exception whose sentence may be shown to the person who caused it. `code` is stable and machine-readable
 * (kebab-case); `retryable` says whether the same request may succeed later without a change.
 * Mapped to HTTP in one place: app/_server/http-errors.ts.
 */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: string;
  readonly userMessage: string;
  readonly retryable: boolean;

  constructor(fields: { code: string; userMessage: string; retryable?: boolean; cause?: unknown }) {
    super(`${fields.code}: ${fields.userMessage}`, { cause: fields.cause });
    this.code = fields.code;
    this.userMessage = fields.userMessage;
    this.retryable = fields.retryable ?? false;
  }
}
