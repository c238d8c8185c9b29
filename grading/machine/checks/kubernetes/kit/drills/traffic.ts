import type { V1Service, V1ServicePort } from "@kubernetes/client-node";
import type { KubernetesCluster } from "../../../kit/kubernetes-cluster.ts";
import type { RequestTarget } from "../api/send-request.ts";
import type { TrafficSettings } from "../settings/traffic-settings.ts";

export type TargetFound =
  | { outcome: "found"; target: RequestTarget; port: V1ServicePort }
  | { outcome: "none"; happened: string; fix: string };

/** Where requests to a Service go. */
export function findTarget(
  cluster: KubernetesCluster,
  { metadata, spec }: V1Service,
  { port: wanted, path, via }: Pick<TrafficSettings, "port" | "path" | "via">,
): TargetFound {
  const what = `Service ${metadata?.name}`;
  const none = (happened: string, fix: string): TargetFound => ({ outcome: "none", happened, fix });
  const ports = spec?.ports ?? [];
  const port = wanted === undefined ? ports[0] : ports.find((each) => each.port === wanted);
  if (!port)
    return none(
      `${what} has no port ${wanted ?? ""}; it has ${ports.map((each) => each.port).join(", ") || "none"}.`,
      `Give ${what} a port with port: ${wanted ?? 80}.`,
    );
  if ((port.protocol ?? "TCP") !== "TCP")
    return none(
      `Port ${port.port} of ${what} is for ${port.protocol}; HTTP needs TCP, and the cluster passes nothing else on.`,
      `Remove protocol: ${port.protocol} from port ${port.port} of ${what}, or write TCP.`,
    );
  if (via === "node-port")
    return port.nodePort === undefined
      ? none(
          `${what} opens no port on the nodes; its type is ${spec?.type ?? "ClusterIP"}.`,
          `Set type: NodePort in ${what}.`,
        )
      : found(cluster.nodes[0].address, port.nodePort);
  if (!spec?.clusterIP || spec.clusterIP === "None")
    return none(
      `${what} has no address of its own (clusterIP: None), so it spreads nothing.`,
      `Remove clusterIP: None from ${what}.`,
    );
  return found(spec.clusterIP, port.port);

  function found(host: string, number: number): TargetFound {
    return { outcome: "found", target: { host, port: number, path }, port: port as V1ServicePort };
  }
}
