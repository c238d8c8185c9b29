import type { Server } from "node:http";
import { addressPrefix } from "#infra/auth/address-header.ts";
import { clientAddress, type IsTrustedProxy } from "./client-address.ts";

/** Each takes some 10 KB; a browser opens six. */
const inAll = 8_000;
const perAddress = 3_000;

/** Connections beyond a number are closed unanswered, those of a trusted proxy only in all. */
export function boundConnections(server: Server, isTrusted: IsTrustedProxy): void {
  server.maxConnections = inAll;
  const counts = new Map<string, number>();
  server.on("connection", (socket) => {
    const caller = clientAddress(socket.remoteAddress, undefined, isTrusted);
    if (caller !== "unknown" && isTrusted(caller)) return;
    const address = addressPrefix(caller);
    const count = (counts.get(address) ?? 0) + 1;
    if (count > perAddress) return void socket.destroy();
    counts.set(address, count);
    socket.once("close", () => {
      const left = (counts.get(address) ?? 1) - 1;
      if (left === 0) counts.delete(address);
      else counts.set(address, left);
    });
  });
}
