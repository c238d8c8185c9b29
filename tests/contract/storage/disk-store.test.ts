import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { SweptFileStore } from "#grading/submissions/ports.ts";
import { createDiskStore } from "#infra/storage/disk.ts";
import { listFiles } from "#tests/support/submit.ts";
import { describeStore } from "./support/store-contract.ts";

describeStore("disk", async () => {
  const home = await mkdtemp(path.join(tmpdir(), "drydock-disk-"));
  const roots = new Map<SweptFileStore, string>();
  const rootOf = (store: SweptFileStore) => roots.get(store) ?? "";
  return {
    async newStore() {
      const root = await mkdtemp(path.join(home, "store-"));
      const store = createDiskStore(root);
      roots.set(store, root);
      return store;
    },
    namesLeft: (store) => listFiles(rootOf(store)),
    async dieHalfWay(store) {
      const incoming = path.join(rootOf(store), ".incoming");
      await mkdir(incoming, { recursive: true });
      await writeFile(path.join(incoming, "dead"), "half");
    },
    close: () => rm(home, { recursive: true, force: true }),
  };
});
