import { errorCodes, forEachCode } from "#infra/aws-api/error-codes.ts";
import { missingPermission } from "#infra/aws-api/missing-permission.ts";

/** What keeps a stack from being as asked, told apart. */
export type StackErrorKind =
  | "no-credentials"
  | "wrong-credentials"
  | "no-permission"
  | "no-region"
  | "unreachable"
  | "throttled"
  | "missing"
  | "busy"
  | "broken"
  | "exists"
  | "template"
  | "rolled-back"
  | "timeout"
  | "other";

/** The message is a sentence for the person at the terminal. */
export class StackError extends Error {
  override readonly name = "StackError";
  constructor(
    readonly kind: StackErrorKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const kinds: Record<string, StackErrorKind> = {
  ...forEachCode<StackErrorKind>(errorCodes.noCredentials, "no-credentials"),
  ...forEachCode<StackErrorKind>([...errorCodes.badCredentials, ...errorCodes.clock], "wrong-credentials"),
  ...forEachCode<StackErrorKind>(errorCodes.permission, "no-permission"),
  ...forEachCode<StackErrorKind>(errorCodes.throttled, "throttled"),
  AlreadyExistsException: "exists",
  ValidationError: "template",
  TimeoutError: "unreachable",
  ENOTFOUND: "unreachable",
  ECONNREFUSED: "unreachable",
  ECONNRESET: "unreachable",
  EAI_AGAIN: "unreachable",
  ETIMEDOUT: "unreachable",
};

const said: Partial<Record<StackErrorKind, string>> = {
  "no-credentials":
    "No AWS credentials were found. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
  "wrong-credentials":
    "AWS refuses the credentials: expired, revoked, or of another partition; or the clock is wrong.",
  "no-region": "No AWS region is set. Give --region, or set AWS_REGION.",
  throttled: "AWS takes no more calls from this account for now. Try again in a minute.",
  unreachable: "AWS does not answer from here.",
};

/** What the SDK threw in the act, as a StackError; one of ours stays as it is. */
export function explain(error: unknown, act: string): StackError {
  if (error instanceof StackError) return error;
  if (!(error instanceof Error)) return new StackError("other", `${act}: ${String(error)}`);
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const kind = /Region is missing|Region not accepted/i.test(error.message)
    ? "no-region"
    : (kinds[error.name] ?? kinds[code] ?? "other");
  const detail = error.message || error.name;
  if (kind === "no-permission")
    return new StackError(
      kind,
      `${act}: ${missingPermission(detail) ?? "the action"} is not allowed. AWS says: ${detail}`,
      {
        cause: error,
      },
    );
  const sentence = said[kind];
  return new StackError(
    kind,
    sentence === undefined ? `${act}: ${detail}` : `${act}: ${sentence} (${detail})`,
    {
      cause: error,
    },
  );
}
