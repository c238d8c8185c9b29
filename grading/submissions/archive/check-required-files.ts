import { foldPath, showName } from "./entry-path.ts";

export type RequiredFilesOutcome =
  | { outcome: "ok" }
  /** missing: as the exercise names them; message: one sentence for the student. */
  | {
      outcome: "refused";
      code: "missing-required" | "name-case-differs";
      missing: string[];
      message: string;
    };

/**
 * Are the files there that the exercise requires? A required path with a trailing slash is a folder with at
 * least one file. Names must match exactly: the machine's disk tells upper from lower case.
 */
export function checkRequiredFiles(
  files: readonly { path: string }[],
  requiredFiles: readonly string[],
): RequiredFilesOutcome {
  const missing = requiredFiles.filter((required) => !files.some((file) => matches(file.path, required)));
  if (missing.length === 0) return { outcome: "ok" };
  for (const required of missing) {
    const near = files.find((file) => matches(foldPath(file.path), foldPath(required)));
    if (near)
      return {
        outcome: "refused",
        code: "name-case-differs",
        missing,
        message: `${showName(required)} is required, but the submission has ${showName(near.path)}, which differs by upper and lower case; rename it.`,
      };
  }
  const nested = missing.length === 1 ? findDeeper(files, missing[0] ?? "") : undefined;
  const names = missing.map(showName).join(", ");
  const hint = nested
    ? `${showName(nested)} was found deeper; put it at the submission's root`
    : `the submission has ${listNames(files)}; add what is missing`;
  return {
    outcome: "refused",
    code: "missing-required",
    missing,
    message: `${names} ${missing.length === 1 ? "is" : "are"} required and not in the submission; ${hint}.`,
  };
}

const matches = (path: string, required: string) =>
  required.endsWith("/") ? path.startsWith(required) : path === required;

const findDeeper = (files: readonly { path: string }[], required: string) =>
  required.endsWith("/") ? undefined : files.find((file) => file.path.endsWith(`/${required}`))?.path;

function listNames(files: readonly { path: string }[]): string {
  const shown = files.slice(0, 8).map((file) => showName(file.path));
  const rest = files.length - shown.length;
  return rest > 0 ? `${shown.join(", ")} and ${rest} more` : shown.join(", ") || "no files";
}
