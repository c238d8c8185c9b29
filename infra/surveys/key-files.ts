import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { mkdir, open, readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";

/**
 * The private parts of surveys' keys, in the data folder and never in the database: what is thrown away there stays in
 * its log and its backups. Leave this folder out of backups (docs/operating.md).
 */
export interface SurveyKeyFiles {
  /** Keeps both before anybody is told of them. */
  keep(keyId: string, keys: { signing: KeyObject; sealing: KeyObject }): Promise<void>;
  /** null: it was destroyed, or is not in this folder. */
  signing(keyId: string): Promise<KeyObject | null>;
  sealing(keyId: string, which: number): Promise<KeyObject | null>;
  /** The next sealing key: made by `make`, unless a batch that broke off has left one. */
  nextSealing(keyId: string, which: number, make: () => KeyObject): Promise<KeyObject>;
  /** Destroys the sealing keys before this one. */
  destroySealingBefore(keyId: string, which: number): Promise<void>;
  destroy(keyId: string): Promise<void>;
}

export function surveyKeyFiles(dataDir: string): SurveyKeyFiles {
  const folder = path.join(dataDir, "survey-keys");
  const fileOf = (keyId: string, what: string) => path.join(folder, `${keyId}.${what}`);
  const ofKey = async (keyId: string) =>
    (await readdir(folder).catch(whenNone([]))).filter((name) => name.startsWith(`${keyId}.`));
  const remove = (names: string[]) =>
    Promise.all(names.map((name) => rm(path.join(folder, name), { force: true })));
  const read = async (keyId: string, what: string) => {
    const pem = await readFile(fileOf(keyId, what), "utf8").catch(whenNone(null));
    return pem === null ? null : createPrivateKey(pem);
  };
  const write = async (keyId: string, what: string, key: KeyObject) => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const handle = await open(fileOf(keyId, what), "wx", 0o600);
    try {
      await handle.writeFile(key.export({ format: "pem", type: "pkcs8" }));
      await handle.sync();
    } finally {
      await handle.close();
    }
  };
  return {
    async keep(keyId, { signing, sealing }) {
      await write(keyId, "signing", signing);
      await write(keyId, "sealing-1", sealing);
    },
    signing: (keyId) => read(keyId, "signing"),
    sealing: (keyId, which) => read(keyId, `sealing-${which}`),
    async nextSealing(keyId, which, make) {
      const left = await read(keyId, `sealing-${which}`);
      if (left !== null) return left;
      const made = make();
      await write(keyId, `sealing-${which}`, made);
      return made;
    },
    async destroySealingBefore(keyId, which) {
      const names = await ofKey(keyId);
      await remove(names.filter((name) => Number(/\.sealing-(\d+)$/.exec(name)?.[1] ?? which) < which));
    },
    async destroy(keyId) {
      await remove(await ofKey(keyId));
    },
  };
}

const whenNone =
  <T>(none: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code === "ENOENT") return none;
    throw error;
  };

/** As the database has a public key: base64 of its SPKI. */
export const writePublic = (key: KeyObject): string =>
  createPublicKey(
    key.type === "private"
      ? (key.export({ format: "pem", type: "pkcs8" }) as string)
      : (key.export({ format: "pem", type: "spki" }) as string),
  )
    .export({ format: "der", type: "spki" })
    .toString("base64");

export const readPublic = (text: string): KeyObject =>
  createPublicKey({ key: Buffer.from(text, "base64"), format: "der", type: "spki" });
