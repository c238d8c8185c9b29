import { BlockList, isIP } from "node:net";

export type IsTrustedProxy = (address: string) => boolean;

/** networks: addresses or CIDR, as the configuration has checked them. */
export function trustedProxies(networks: readonly string[]): IsTrustedProxy {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", bits] = network.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return (address) => list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

/**
 * Who calls: the connection's own address, unless that is a trusted proxy's. A proxy appends whom it heard to
 * X-Forwarded-For, so the list is read from its end, and the first address that is no trusted proxy's is the caller's;
 * what stands before it is the caller's own claim.
 */
export function clientAddress(
  connection: string | undefined,
  forwardedFor: string | undefined,
  isTrusted: IsTrustedProxy,
): string {
  let address = plainAddress(connection ?? "");
  if (address === null) return "unknown";
  const claims = (forwardedFor ?? "").split(",");
  while (isTrusted(address)) {
    const before = plainAddress(claims.pop()?.trim() ?? "");
    // A trusted proxy that names nobody, or no address, speaks for itself.
    if (before === null) break;
    address = before;
  }
  return address;
}

/** "::ffff:10.0.0.1" is how a socket for both families writes 10.0.0.1. null for what is no address. */
function plainAddress(text: string): string | null {
  const address = text.replace(/^::ffff:(\d+\.)/i, "$1");
  return isIP(address) === 0 ? null : address.toLowerCase();
}
