import type { KubeConfig, V1Pod } from "@kubernetes/client-node";
import { openApi } from "../kit/api/request-api.ts";

const mostChars = 256 * 1024;

/**
 * Follows a container's output until it is as wanted, the container ends or some seconds pass. Gives the output so
 * far, first 256 KiB. Throws the signal's reason when it is aborted.
 */
export async function awaitLog(
  config: KubeConfig,
  pod: V1Pod,
  container: string,
  isWanted: (output: string) => boolean,
  { seconds, signal }: { seconds: number; signal: AbortSignal },
): Promise<{ wanted: boolean; output: string }> {
  const late = AbortSignal.timeout(Math.ceil(seconds * 1000));
  const stop = AbortSignal.any([signal, late]);
  const { name = "", namespace = "" } = pod.metadata ?? {};
  const path = `/api/v1/namespaces/${namespace}/pods/${name}/log`;
  let output = "";
  try {
    const stream = await openApi(
      config,
      { method: "GET", path, query: { container, follow: "true" }, accept: "*/*" },
      stop,
    );
    const onStop = () => void stream.destroy(stop.reason);
    stop.addEventListener("abort", onStop, { once: true });
    try {
      for await (const text of stream.setEncoding("utf8")) {
        output += text;
        if (isWanted(output)) return { wanted: true, output };
        if (output.length > mostChars) return { wanted: false, output };
      }
    } finally {
      stop.removeEventListener("abort", onStop);
      stream.destroy();
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!late.aborted) throw error;
  }
  return { wanted: isWanted(output), output };
}
