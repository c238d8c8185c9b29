import { AppError } from "#course/errors.ts";
import { LaunchError, type LaunchTrouble } from "#grading/machines/provider.ts";
import { asApiFailure, explainFailure } from "../api-errors.ts";

export type ImageErrorCode =
  /** Credentials, rights, the stack: the caller's to put right. */
  | "machine-image-not-allowed"
  | "machine-image-failed"
  /** Another process makes images for the installation. */
  | "machine-image-busy";

/** What keeps an image from being made, listed or removed; the message is a sentence for the person at the terminal. */
export class ImageError extends AppError {
  constructor(code: ImageErrorCode, userMessage: string, cause?: unknown) {
    super({ code, userMessage, retryable: code !== "machine-image-not-allowed", cause });
  }
}

/** What to do differs from a launch's: other rights, another quota, another network. */
const fixes: Partial<Record<LaunchTrouble, string>> = {
  capacity: "Try again later, or give the stack more types: drydock aws deploy --instance-types.",
  quota:
    "Ask AWS for a higher quota of vCPUs for on-demand instances (L-1216C47A), or wait until others end.",
  permission:
    "Attach the policy ImagesPolicyArn of the stack to whoever makes images: drydock aws outputs names it.",
  network: "Make the builder's network again: drydock aws deploy.",
  image: "",
  "launch-template": "",
};

/** An error of EC2's in the act, as an ImageError; an end that was asked for is thrown. */
export function asImageError(error: unknown, act: string, signal?: AbortSignal): ImageError {
  signal?.throwIfAborted();
  if (error instanceof ImageError) return error;
  if (error instanceof LaunchError)
    return new ImageError(
      error.kind === "misconfigured" ? "machine-image-not-allowed" : "machine-image-failed",
      error.message,
      error,
    );
  const failure = asApiFailure(error);
  if (failure === null) {
    const message = error instanceof Error ? error.message || error.name : String(error);
    return new ImageError("machine-image-failed", `${act}: ${message}`, error);
  }
  const { kind, trouble, why, fix } = explainFailure(failure);
  const sentences = [`${act}: ${why}.`, fixes[trouble] ?? fix].filter((text) => text !== "");
  return new ImageError(
    kind === "misconfigured" && trouble !== "other" ? "machine-image-not-allowed" : "machine-image-failed",
    sentences.join(" "),
    error,
  );
}
