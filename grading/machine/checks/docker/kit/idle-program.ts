import type { SandboxUse } from "../../kit/container/sandbox.ts";

/** Of the machine; linked against nothing, so that it runs in any image. */
const busybox = "/usr/bin/busybox";
const inside = "/.drydock/busybox";

/**
 * A program of our own that does nothing, in a container of the student's image: where only the container's limits
 * are looked at, whether the student's program stays up must not decide.
 */
export const idleProgram = {
  entrypoint: [inside],
  args: ["sleep", "1000000"],
  mounts: [[busybox, inside]],
} satisfies Partial<SandboxUse>;
