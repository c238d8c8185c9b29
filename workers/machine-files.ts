import type { FileStore } from "#grading/submissions/ports.ts";

/**
 * The store as agents are answered from it: an instance reaches a bucket by itself and may be given a link, a container
 * has no way to it.
 */
export function machineFiles(files: FileStore, machines: "instances" | "containers"): FileStore {
  const { presign: _presign, ...throughDrydock } = files;
  return machines === "instances" ? files : throughDrydock;
}
