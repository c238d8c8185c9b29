import { readFile } from "node:fs/promises";

export interface Listener {
  /** Dotted or IPv6 in short words. */
  address: string;
  port: number;
  loopback: boolean;
}

/** The engine's own name server in every container on a network. */
const engineResolver = "127.0.0.11";
/** /proc/net/tcp's number for a socket that listens. */
const listenState = "0A";

/** TCP sockets that a process's network namespace listens on, read from outside of it; [] when it has ended. */
export async function listenersOf(pid: number): Promise<Listener[]> {
  const tables = await Promise.all(["tcp", "tcp6"].map((table) => readTable(`/proc/${pid}/net/${table}`)));
  const found = tables.flatMap(parseListeners).filter(({ address }) => address !== engineResolver);
  return found.filter((one, index) => found.findIndex((other) => key(other) === key(one)) === index);
}

const key = ({ address, port }: Listener) => `${address} ${port}`;

async function readTable(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ESRCH" || code === "EINVAL") return "";
    throw error;
  }
}

/** Reads the lines of /proc/net/tcp or tcp6. */
export function parseListeners(table: string): Listener[] {
  return table
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === listenState)
    .map((fields) => {
      const [host = "", port = ""] = (fields[1] ?? "").split(":");
      return { ...describeHost(host), port: Number.parseInt(port, 16) };
    });
}

/** The kernel prints each 32-bit word in the machine's order, which is little-endian on all that Drydock runs on. */
function describeHost(hex: string): { address: string; loopback: boolean } {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) =>
    (word.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)),
  );
  if (bytes.length === 4) return { address: bytes.join("."), loopback: bytes[0] === 127 };
  const zeros = bytes.slice(0, -1).every((byte) => byte === 0);
  if (zeros && bytes.at(-1) === 1) return { address: "::1", loopback: true };
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  if (mapped) return { address: bytes.slice(12).join("."), loopback: bytes[12] === 127 };
  if (bytes.every((byte) => byte === 0)) return { address: "::", loopback: false };
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16),
  );
  return { address: groups.join(":"), loopback: false };
}
