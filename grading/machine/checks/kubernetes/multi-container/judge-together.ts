import { randomBytes } from "node:crypto";
import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import type { V1Container, V1Pod } from "@kubernetes/client-node";
import type { Part } from "../../kit/credit/share-credit.ts";
import type { CheckContext } from "../../kit/define-check.ts";
import type { TextMatch } from "../../kit/settings/settings.ts";
import { noteRequests } from "../../kit/shown/request-notes.ts";
import { matchInWords, textMatches } from "../../kit/words/match-text.ts";
import { quoteOutput } from "../../kit/words/quote-output.ts";
import { withoutTrailing } from "../../kit/words/without-trailing.ts";
import { type ExecTarget, execInPod } from "../kit/api/exec-in-pod.ts";
import { readFile, writeFile } from "../kit/api/file-in-pod.ts";
import type { Workload } from "../kit/pods/find-workload.ts";
import { askLocalhost } from "./forward-port.ts";
import type { LocalPort, SharedFile } from "./settings.ts";

/** What containers of one pod share, each judged on a pod that runs. */

const againMs = 500;

/** Containers that run together: the pod's own, and its native sidecars. */
export const runningTogether = ({ spec }: V1Pod): V1Container[] => [
  ...(spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always"),
  ...(spec?.containers ?? []),
];

export async function judgeSharedFile(
  context: CheckContext,
  what: string,
  pod: V1Pod,
  wanted: SharedFile,
): Promise<Part> {
  const { from, to, file } = wanted;
  const expected = `Container ${to} of ${what} sees what container ${from} writes${file === undefined ? "" : ` to ${file}`}`;
  if (file?.startsWith("/")) {
    const problem = await awaitFile(context, targetOf(pod, to), file, file, wanted);
    return { expected, problem };
  }
  const paths = sharedPaths(pod, from, to);
  if (paths === null) return { expected, problem: noVolume(what, wanted) };
  if (file !== undefined) {
    const problem = await awaitFile(
      context,
      targetOf(pod, to),
      `${paths.from}/${file}`,
      `${paths.to}/${file}`,
      wanted,
    );
    return { expected, problem };
  }
  const name = `drydock-${randomBytes(6).toString("hex")}`;
  const token = randomBytes(16).toString("hex");
  const kept = await writeFile(context, targetOf(pod, from), `${paths.from}/${name}`, token);
  if (kept) return { expected, problem: kept };
  const seen = await readFile(context, targetOf(pod, to), `${paths.to}/${name}`);
  await execInPod(
    context.kubernetes().admin,
    targetOf(pod, from),
    ["rm", "-f", `${paths.from}/${name}`],
    context.signal,
  );
  return {
    expected,
    problem:
      seen === token
        ? null
        : {
            happened: `Container ${from} wrote a file below ${paths.from}, and container ${to} has no such file below ${paths.to}.`,
            fix: "Mount the same volume in both, without subPath.",
          },
  };
}

const noVolume = (what: string, { from, to }: SharedFile) => ({
  happened: `No volume is mounted in both container ${from} and container ${to} of ${what}.`,
  fix: `Add an emptyDir under volumes, and mount it in both containers (volumeMounts).`,
});

/** The first pair of containers that are to share files and have no volume in common; null when all have. */
export function findApart(
  { what, template: { spec } }: Workload,
  files: SharedFile[],
): { happened: string; fix: string } | null {
  const apart = files.find(
    ({ from, to, file }) => !file?.startsWith("/") && sharedPaths(spec ? { spec } : {}, from, to) === null,
  );
  return apart ? noVolume(what, apart) : null;
}

const targetOf = (pod: V1Pod, container: string): ExecTarget => ({
  namespace: pod.metadata?.namespace ?? "",
  pod: pod.metadata?.name ?? "",
  container,
});

/** Where the first volume that both mount is in each; what the cluster mounts by itself does not count. */
export function sharedPaths(pod: V1Pod, from: string, to: string): { from: string; to: string } | null {
  const volumes = new Set(
    (pod.spec?.volumes ?? [])
      .filter((volume) => volume.emptyDir || volume.persistentVolumeClaim || volume.ephemeral)
      .map(({ name }) => name),
  );
  const mounts = (container: string) =>
    (runningTogether(pod).find(({ name }) => name === container)?.volumeMounts ?? []).filter(({ name }) =>
      volumes.has(name),
    );
  for (const mount of mounts(from)) {
    const other = mounts(to).find(({ name }) => name === mount.name);
    if (other) return { from: bare(mount.mountPath), to: bare(other.mountPath) };
  }
  return null;
}

const bare = (path: string) => withoutTrailing(path, "/");

async function awaitFile(
  context: CheckContext,
  reader: ExecTarget,
  written: string,
  read: string,
  { from, text, seconds }: { from: string; text?: TextMatch | undefined; seconds: number },
): Promise<Part["problem"]> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const found = await readFile(context, reader, read);
    if (found !== null && found !== "" && (text === undefined || textMatches(text, found))) return null;
    if (performance.now() < deadline) {
      await wait(againMs, undefined, { signal: context.signal });
      continue;
    }
    const fix = `Let container ${from} write ${written}, and mount the volume that it lies in in both containers.`;
    if (found === null || found === "") {
      const state = found === null ? "cannot be read" : "is empty";
      return { happened: `After ${seconds} s, ${read} ${state} in container ${reader.container}.`, fix };
    }
    const wanted = text === undefined ? "something" : matchInWords(text);
    return {
      happened: `After ${seconds} s, ${read} in container ${reader.container} holds ${quoteOutput(found)}.`,
      fix: `Let container ${from} write ${wanted}.`,
    };
  }
}

export async function judgeLocalPort(
  context: CheckContext,
  what: string,
  pod: V1Pod,
  { port, path, status, body, seconds }: LocalPort,
): Promise<Part> {
  const expected = `In the pods of ${what}, localhost:${port}${path} answers with status ${status}`;
  const at = { namespace: pod.metadata?.namespace ?? "", pod: pod.metadata?.name ?? "" };
  const deadline = performance.now() + seconds * 1000;
  const tried = noteRequests(context);
  for (;;) {
    const request = { port, path, timeoutMs: 5000 };
    const answer = await askLocalhost(context.kubernetes().admin, at, request, context.signal);
    tried.note(
      `GET ${path} to localhost:${port} in pod ${at.pod}`,
      answer.outcome === "lost" ? `no whole answer: ${answer.words}` : `status ${answer.status}`,
    );
    const fits =
      answer.outcome === "answered" &&
      answer.status === status &&
      (body === undefined || textMatches(body, answer.body));
    if (fits) return { expected, problem: null };
    if (performance.now() < deadline) {
      await wait(againMs, undefined, { signal: context.signal });
      continue;
    }
    const happened =
      answer.outcome === "lost"
        ? `Nothing answers at localhost:${port} in pod ${at.pod}: ${quoteOutput(answer.words)}.`
        : `localhost:${port}${path} in pod ${at.pod} answers with status ${answer.status}: ${quoteOutput(answer.body)}.`;
    const wanted = body === undefined ? "" : ` and ${matchInWords(body)}`;
    return {
      expected,
      problem: {
        happened,
        fix: `Let a container of the pod listen on port ${port} and answer ${path} with status ${status}${wanted}. Containers of a pod share one address, so each needs a port of its own.`,
      },
    };
  }
}

/** Judges that containers are in one namespace of the kernel: pid when processes are shared, ipc for shared memory. */
export async function judgeNamespace(
  context: CheckContext,
  what: string,
  pod: V1Pod,
  containers: string[],
  kind: "pid" | "ipc",
): Promise<Part> {
  const meaning = kind === "pid" ? "see each other's processes" : "share memory and semaphores (IPC)";
  const expected = `Containers ${containers.join(", ")} of ${what} ${meaning}`;
  const seen: string[] = [];
  for (const container of containers) {
    const command = ["readlink", `/proc/self/ns/${kind}`];
    const ended = await execInPod(
      context.kubernetes().admin,
      targetOf(pod, container),
      command,
      context.signal,
    );
    if (ended.outcome === "not-started" || ended.exitCode !== 0)
      return {
        expected,
        problem: {
          happened: `Container ${container} of pod ${pod.metadata?.name} has no program readlink to look with: ${quoteOutput(ended.outcome === "not-started" ? ended.words : ended.stderr)}.`,
          fix: "Use an image with the usual commands, such as one that is made FROM debian or busybox.",
        },
      };
    seen.push(ended.stdout.trim());
  }
  if (new Set(seen).size <= 1) return { expected, problem: null };
  return {
    expected,
    problem: {
      happened: `Each container of pod ${pod.metadata?.name} has ${kind === "pid" ? "processes" : "shared memory"} of its own.`,
      fix:
        kind === "pid"
          ? "Set shareProcessNamespace: true in the pod's spec."
          : "Run the containers in one pod.",
    },
  };
}
