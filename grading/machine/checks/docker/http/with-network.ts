import { randomBytes } from "node:crypto";
import { sandboxLabel } from "../../kit/container/sandbox.ts";
import type { CheckContext } from "../../kit/define-check.ts";

/**
 * Makes a bridge for one check and removes it: internal (no way out of the machine) and without traffic between its
 * containers. The machine itself reaches them.
 */
export async function withNetwork<T>(context: CheckContext, use: (name: string) => Promise<T>): Promise<T> {
  const network = await context.docker.createNetwork({
    Name: `check-${randomBytes(6).toString("hex")}`,
    Driver: "bridge",
    Internal: true,
    Labels: { [sandboxLabel]: "1" },
    Options: { "com.docker.network.bridge.enable_icc": "false" },
  });
  try {
    const { Name } = (await network.inspect()) as { Name: string };
    return await use(Name);
  } finally {
    await network.remove();
  }
}
