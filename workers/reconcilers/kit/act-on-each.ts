import type { Log } from "#infra/telemetry/logger.ts";

/** Acts on one thing after the other. One that fails is logged and looked at again by the next pass; it holds up no other. */
export async function actOnEach<Item>(
  log: Log,
  loop: string,
  items: Iterable<Item>,
  act: (item: Item) => Promise<void>,
): Promise<void> {
  for (const item of items) await tryOne(log, loop, item, act);
}

/** The same side by side: one that takes long, such as a machine that does not end, holds up no other either. */
export async function actSideBySide<Item>(
  log: Log,
  loop: string,
  items: Iterable<Item>,
  act: (item: Item) => Promise<void>,
): Promise<void> {
  await Promise.all([...items].map((item) => tryOne(log, loop, item, act)));
}

async function tryOne<Item>(log: Log, loop: string, item: Item, act: (item: Item) => Promise<void>) {
  await act(item).catch((err: unknown) => {
    log.error({ err, loop, item }, "One of these failed; the next pass looks at it again.");
  });
}
