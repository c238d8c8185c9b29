// Reads one archive in a thread of its own, so that neither its bytes nor its tricks stop the web server's.
import { once } from "node:events";
import { parentPort, workerData } from "node:worker_threads";
import { readArchive } from "#grading/submissions/archive/read-archive.ts";
import { pickFiles } from "#grading/submissions/handed-in/pick-files.ts";
import { readHeads } from "#grading/submissions/handed-in/read-heads.ts";
import type { ArchiveOrder, ThreadAnswer } from "./archive-order.ts";

const say = (answer: ThreadAnswer) => parentPort?.postMessage(answer);

async function carryOut(order: ArchiveOrder): Promise<ThreadAnswer> {
  if (order.task === "heads") return { heads: await readHeads(order, order.wanted, order.bounds) };
  if (order.task === "send") return { sent: await send(order) };
  const { file, fileName, limits, requiredFiles } = order;
  return { read: await readArchive(file, fileName, limits, undefined, { requiredFiles }) };
}

function send(order: Extract<ArchiveOrder, { task: "send" }>) {
  return pickFiles(order, [order.wanted], async (_path, bytes, stream) => {
    await saidAndTaken({ opens: bytes });
    for await (const chunk of stream as AsyncIterable<Buffer>)
      await saidAndTaken({ piece: new Uint8Array(chunk) });
  });
}

async function saidAndTaken(part: ThreadAnswer): Promise<void> {
  const taken = parentPort && once(parentPort, "message");
  say(part);
  await taken;
}

try {
  say(await carryOut(workerData as ArchiveOrder));
} catch (error) {
  say({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
