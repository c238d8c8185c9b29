import { createServer, connect as dial, type Socket } from "node:net";

/** A socket that leads to the engine until it is made to hang: then nothing passes, and nobody is told. */
export async function startEngineProxy(socketPath: string, enginePath: string) {
  const sockets = new Set<Socket>();
  let hangs = false;
  const server = createServer((client) => {
    const engine = dial(enginePath);
    for (const [from, to] of [
      [client, engine],
      [engine, client],
    ] as const) {
      sockets.add(from);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
      from.on("data", (chunk) => {
        if (!to.write(chunk) && !hangs) from.pause();
      });
      to.on("drain", () => {
        if (!hangs) from.resume();
      });
      if (hangs) from.pause();
    }
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return {
    hang: () => {
      hangs = true;
      for (const socket of sockets) socket.pause();
    },
    goOn: () => {
      hangs = false;
      for (const socket of sockets) socket.resume();
    },
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
