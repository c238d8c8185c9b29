/** Of a submission's pages; a path is of its list, every part of it data. */
export const filesAddress = (submissionId: string) => `/submissions/${submissionId}/files`;
export const fileAddress = (submissionId: string, path: string) =>
  `${filesAddress(submissionId)}/${encoded(path)}`;
export const fileBytesAddress = (submissionId: string, path: string) =>
  `/api/submissions/${submissionId}/files/${encoded(path)}`;
export const changesAddress = (submissionId: string) => `/submissions/${submissionId}/changes`;

const encoded = (path: string) => path.split("/").map(encodeURIComponent).join("/");

/** The path from an address's parts as a page gets them; null when they are no encoded text. */
export function pathOfParts(parts: readonly string[]): string | null {
  try {
    return parts.map(decodeURIComponent).join("/");
  } catch {
    return null;
  }
}
