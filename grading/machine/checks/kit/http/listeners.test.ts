import { expect, test } from "vitest";
import { parseListeners } from "./listeners.ts";

test("listening sockets are read from the kernel's table", () => {
  const line = (address: string, state: string) =>
    `   0: ${address} 00000000:0000 ${state} 00000000:00000000 00:00000000\n`;
  const table = `  sl  local_address rem_address   st\n${line("0100007F:1F90", "0A")}${line("00000000:0050", "0A")}${line("00000000:0051", "01")}${line("00000000000000000000000000000000:1F91", "0A")}${line("00000000000000000000000001000000:1F92", "0A")}`;
  expect(parseListeners(table)).toEqual([
    { address: "127.0.0.1", port: 8080, loopback: true },
    { address: "0.0.0.0", port: 80, loopback: false },
    { address: "::", port: 8081, loopback: false },
    { address: "::1", port: 8082, loopback: true },
  ]);
});
