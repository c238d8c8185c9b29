import type { ContainerCreateOptions } from "dockerode";
import type { SandboxSettings } from "../settings/settings.ts";

const mebibyte = 1024 * 1024;
/** One file at most, bytes; a /tmp in memory has its own limit. */
const maxFileBytes = 256 * mebibyte;
/** By which what a machine made for checks can be told from all else on an engine. */
export const sandboxLabel = "drydock.sandbox";

export interface SandboxUse {
  image: string;
  args?: string[] | undefined;
  entrypoint?: string[] | undefined;
  /** Name of a network of the run's own; none when left out. */
  network?: string;
  /** Host folders or files shown read-only in the container: [source, target]. */
  mounts?: [string, string][];
  stdin?: boolean;
  /** Instead of the sandbox's own memory and CPU limits, for checks about limits: bytes and CPUs. */
  memoryBytes?: number;
  cpus?: number;
}

/**
 * Options of a container for student code: no capability, no way to new privileges, no network but a given one, a
 * read-only root unless asked otherwise, bounded memory, CPU, processes and files, and no log kept by the engine.
 */
export function sandboxOptions(settings: SandboxSettings, use: SandboxUse): ContainerCreateOptions {
  const memory = use.memoryBytes ?? settings.memoryMiB * mebibyte;
  const tmpfs = `rw,noexec,nosuid,nodev,size=${settings.tmpfsMiB}m,nr_inodes=4096,mode=1777`;
  return {
    Image: use.image,
    ...(use.args ? { Cmd: use.args } : {}),
    ...(use.entrypoint ? { Entrypoint: use.entrypoint } : {}),
    ...(settings.user ? { User: settings.user } : {}),
    Env: Object.entries(settings.env).map(([name, value]) => `${name}=${value}`),
    Labels: { [sandboxLabel]: "1" },
    AttachStdin: use.stdin ?? false,
    AttachStdout: true,
    AttachStderr: true,
    OpenStdin: use.stdin ?? false,
    StdinOnce: use.stdin ?? false,
    Tty: false,
    // An image's health check would run beside what is measured.
    Healthcheck: { Test: ["NONE"] },
    HostConfig: {
      NetworkMode: use.network ?? "none",
      Memory: memory,
      MemorySwap: memory,
      NanoCpus: Math.round((use.cpus ?? settings.cpus) * 1e9),
      PidsLimit: settings.pids,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges"],
      ReadonlyRootfs: !settings.writable,
      IpcMode: "none",
      Init: true,
      Tmpfs: { "/tmp": tmpfs },
      Ulimits: [
        { Name: "nofile", Soft: 1024, Hard: 1024 },
        { Name: "core", Soft: 0, Hard: 0 },
        { Name: "fsize", Soft: maxFileBytes, Hard: maxFileBytes },
      ],
      Mounts: (use.mounts ?? []).map(([source, target]) => ({
        Type: "bind",
        Source: source,
        Target: target,
        ReadOnly: true,
      })),
      // Output goes to the attached stream: kept by the engine it would fill the disk or be cut from the front.
      LogConfig: { Type: "none", Config: {} },
    },
  };
}
