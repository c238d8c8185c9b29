import type { Log } from "#infra/telemetry/logger.ts";

/** Acts on one thing after the other. One that fails is logged and looked at again by the next pass; it holds up no other. */
export async function actOnEach<Item>(
  log: Log,
  loop: string,
  items: Iterable<Item>,
  act: (item: Item) => Promise<void>,
): Promise<void> {
  for (const item of items) {
    await act(item).catch((err: unknown) => {
      log.error({ err, loop, item }, "One of these failed; the next pass looks at it again.");
    });
  }
}
