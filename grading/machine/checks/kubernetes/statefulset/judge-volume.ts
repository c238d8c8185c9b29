import { randomBytes } from "node:crypto";
import type { V1Pod, V1StatefulSet, V1Volume } from "@kubernetes/client-node";
import type { Part } from "../../kit/credit/share-credit.ts";
import type { CheckContext } from "../../kit/define-check.ts";
import { withoutTrailing } from "../../kit/words/without-trailing.ts";
import { createClients } from "../kit/api/clients.ts";
import { type ExecTarget, execInPod } from "../kit/api/exec-in-pod.ts";
import { readFile, writeFile } from "../kit/api/file-in-pod.ts";
import { waitUntil } from "../kit/api/wait-until.ts";
import { isReady } from "../kit/pods/explain-pod.ts";
import { explainLate, type Workload } from "../kit/pods/find-workload.ts";

/** A pod that is deleted here gets no longer than this to end. */
const graceSeconds = 5;

export interface VolumeWanted {
  mountPath: string;
  container?: string | undefined;
}

/** Judges that each pod of a StatefulSet has a volume of its own whose files are there after the pod was deleted. */
export async function judgeVolume(
  context: CheckContext,
  workload: Workload,
  object: V1StatefulSet,
  pods: V1Pod[],
  { mountPath, container }: VolumeWanted,
  seconds: number,
): Promise<Part> {
  const { what } = workload;
  const expected = `Each pod of ${what} has a volume of its own at ${mountPath}, whose files are there again after the pod was deleted`;
  const own = judgeClaims(what, object, pods, { mountPath, container });
  const [first, second] = pods;
  if (own || !first) return { expected, problem: own };
  const file = `${withoutTrailing(mountPath, "/")}/drydock-${randomBytes(6).toString("hex")}`;
  const token = randomBytes(16).toString("hex");
  const wrote = await writeFile(context, target(first, mountPath, container), file, token);
  if (wrote !== null) return { expected, problem: wrote };
  if (second) {
    const shared = (await readFile(context, target(second, mountPath, container), file)) === token;
    if (shared) return { expected, problem: sharedProblem(what, first, second) };
  }
  const kept = { file, token, mountPath, container, seconds };
  return { expected, problem: await deleteAndRead(context, workload, first, kept) };
}

/** The volume mounted there must come from volumeClaimTemplates, which makes one claim a pod. */
function judgeClaims(
  what: string,
  object: V1StatefulSet,
  pods: V1Pod[],
  { mountPath, container }: VolumeWanted,
): Part["problem"] {
  const templates = (object.spec?.volumeClaimTemplates ?? []).map(({ metadata }) => metadata?.name ?? "");
  const spec = object.spec?.template.spec;
  const mount = (spec?.containers ?? [])
    .filter(({ name }) => container === undefined || name === container)
    .flatMap(({ volumeMounts }) => volumeMounts ?? [])
    .find((each) => samePath(each.mountPath, mountPath));
  const fix = `Add volumeClaimTemplates to ${what}, and mount its name at ${mountPath} (volumeMounts).`;
  if (!mount) {
    const who = container === undefined ? "No container" : `Container ${container}`;
    const mounts = container === undefined ? "mounts a volume" : "mounts no volume";
    return { happened: `${who} of ${what} ${mounts} at ${mountPath}.`, fix };
  }
  if (templates.includes(mount.name) && pods.every((pod) => claimOf(pod, mount.name) !== null)) return null;
  const volume = spec?.volumes?.find(({ name }) => name === mount.name);
  return {
    happened: `What ${what} mounts at ${mountPath} is the volume ${mount.name}${kindInWords(volume)}.`,
    fix,
  };
}

function kindInWords(volume: V1Volume | undefined): string {
  const [kind] = Object.entries(volume ?? {}).find(([key, value]) => key !== "name" && value) ?? [];
  if (kind === undefined) return "";
  return kind === "emptyDir"
    ? ", an emptyDir: it is gone with its pod"
    : `, of the kind ${kind}: all pods share it`;
}

const samePath = (a: string, b: string) => withoutTrailing(a, "/") === withoutTrailing(b, "/");
const claimOf = (pod: V1Pod, volume: string) =>
  pod.spec?.volumes?.find(({ name }) => name === volume)?.persistentVolumeClaim?.claimName ?? null;

function target(pod: V1Pod, mountPath: string, container: string | undefined): ExecTarget {
  const holder = pod.spec?.containers.find(({ name, volumeMounts }) =>
    container === undefined
      ? volumeMounts?.some((mount) => samePath(mount.mountPath, mountPath))
      : name === container,
  );
  return {
    namespace: pod.metadata?.namespace ?? "",
    pod: pod.metadata?.name ?? "",
    container: holder?.name ?? "",
  };
}

const sharedProblem = (what: string, first: V1Pod, second: V1Pod): Part["problem"] => ({
  happened: `A file that pod ${first.metadata?.name} wrote is in pod ${second.metadata?.name} too: they share one volume.`,
  fix: `Use volumeClaimTemplates in ${what}, which makes a claim for each pod.`,
});

interface KeptFile extends VolumeWanted {
  file: string;
  token: string;
  seconds: number;
}

async function deleteAndRead(
  context: CheckContext,
  workload: Workload,
  pod: V1Pod,
  { file, token, mountPath, container, seconds }: KeptFile,
): Promise<Part["problem"]> {
  const { admin } = context.kubernetes();
  const { core } = createClients(admin, context.signal);
  const { name = "", namespace = "", uid } = pod.metadata ?? {};
  context.log(`Deleting pod ${name}.`);
  await core.deleteNamespacedPod({ name, namespace, gracePeriodSeconds: graceSeconds });
  const waited = await waitUntil<V1Pod, V1Pod>(
    admin,
    workload.pods,
    (pods) => pods.find((each) => each.metadata?.name === name && each.metadata.uid !== uid && isReady(each)),
    { seconds, signal: context.signal },
  );
  if (waited.outcome === "late") {
    const { happened, fix } = await explainLate(context, workload, waited.objects);
    return { happened: `After pod ${name} was deleted: ${happened}`, fix };
  }
  const found = await readFile(context, target(waited.found, mountPath, container), file);
  await execInPod(admin, target(waited.found, mountPath, container), ["rm", "-f", file], context.signal);
  if (found === token) return null;
  return {
    happened: `Pod ${name} was deleted and came back, and the file that was written to ${file} before is ${found === null ? "gone" : "another"}.`,
    fix: "Let the program keep what it finds in its volume when it starts, and mount the volume at the folder it writes to.",
  };
}
