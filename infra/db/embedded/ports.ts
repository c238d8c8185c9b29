import { createServer } from "node:net";

/** The port itself when it is free at the host's address, else any free one; 0 asks for any. */
export async function pickPort(preferred: number, host = "127.0.0.1"): Promise<number> {
  return (
    (await tryPort(preferred, host)) ??
    (await tryPort(0, host)) ??
    Promise.reject(new Error("No port is free."))
  );
}

function tryPort(port: number, host: string): Promise<number | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(null));
    probe.listen(port, host, () => {
      const address = probe.address();
      const taken = typeof address === "object" && address !== null ? address.port : null;
      probe.close(() => resolve(taken));
    });
  });
}
