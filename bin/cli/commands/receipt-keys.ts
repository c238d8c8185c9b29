import path from "node:path";
import { systemClock } from "#infra/clock/clock.ts";
import { loadConfig } from "#infra/config/config.ts";
import { receiptKeys, revokeReceiptKey, rotateReceiptKey } from "#infra/storage/receipt-keys.ts";
import { CommandFailure, type ExitCode, exitCode } from "../exit.ts";
import type { Terminal } from "../terminal.ts";

const root = path.resolve(import.meta.dirname, "../../..");

/** As for the other commands that look after a site: relative folders are those of the checkout. */
function dataDir(): string {
  process.chdir(root);
  return loadConfig().dataDir;
}

/** `drydock receipt rotate`: receipts are signed with a new key from now on; those given so far stay valid. */
export async function receiptRotate(terminal: Terminal): Promise<ExitCode> {
  const { retired, current } = await rotateReceiptKey(dataDir(), systemClock);
  terminal.out.write(
    `Receipts are signed with the key ${current} from now on.\n` +
      `The key ${retired} is retired: it is destroyed, its public part stays published, and receipts signed with it stay valid.\n` +
      `If others may have had it: drydock receipt revoke ${retired}\n`,
  );
  return exitCode.ok;
}

/** `drydock receipt revoke`: what a key signed proves nothing any more. The current one is rotated away first. */
export async function receiptRevoke(terminal: Terminal, kid: string): Promise<ExitCode> {
  const dir = dataDir();
  const [current, ...retired] = (await receiptKeys(dir).published()).keys;
  if (current?.kid === kid) await receiptRotate(terminal);
  else if (!retired.some((key) => key.kid === kid)) {
    const known = [current, ...retired].map((key) => key?.kid).join(", ");
    throw new CommandFailure(exitCode.badInput, `There is no key ${kid}; the keys are ${known}.`);
  }
  await revokeReceiptKey(dir, kid, systemClock());
  terminal.out.write(
    `The key ${kid} is revoked: receipts signed with it are no longer proof by themselves; the site keeps its own copy of each.\n`,
  );
  return exitCode.ok;
}
