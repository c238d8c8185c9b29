import type { V1Container, V1Pod, V1Probe } from "@kubernetes/client-node";
import { type Listener, listenersOf } from "../../../kit/http/listeners.ts";
import type { Trouble } from "../api/trouble.ts";
import { podProcesses } from "./pod-processes.ts";

/** TCP sockets that a pod listens on, as seen from the machine; [] when none of its containers runs. */
export async function podListeners(pod: V1Pod): Promise<Listener[]> {
  const [first] = await podProcesses(pod);
  return first === undefined ? [] : listenersOf(first);
}

/** A probe that nobody answers, with where the pod listens instead, if it does. */
export function explainListening(trouble: Trouble, { spec }: V1Pod, listening: Listener[]): Trouble {
  const asked = (spec?.containers ?? []).flatMap((container) =>
    [container.startupProbe, container.livenessProbe, container.readinessProbe].flatMap((probe) =>
      probe ? portOf(probe, container) : [],
    ),
  );
  const unheard = asked.find((port) => !listening.some((one) => one.port === port && !one.loopback));
  if (unheard === undefined || listening.length === 0) return trouble;
  const same = listening.find(({ port }) => port === unheard);
  if (same)
    return {
      ...trouble,
      happened: `${trouble.happened} The program listens on port ${unheard} of ${same.address} only, which nobody outside of the pod reaches.`,
      fix: "Let the program listen on 0.0.0.0 instead of 127.0.0.1 or localhost.",
    };
  const open = [...new Set(listening.map(({ port }) => `port ${port}`))].join(", ");
  return {
    ...trouble,
    happened: `${trouble.happened} The pod listens on ${open}, and not on port ${unheard}.`,
    fix: `Let the program listen on port ${unheard}, or correct the port of the probe. ${trouble.fix}`,
  };
}

/** As a number; [] of a probe that asks no port. */
function portOf({ httpGet, tcpSocket }: V1Probe, { ports = [] }: V1Container): number[] {
  const port = httpGet?.port ?? tcpSocket?.port;
  if (port === undefined) return [];
  const number = ports.find(({ name }) => name === port)?.containerPort ?? Number(port);
  return Number.isInteger(number) ? [number] : [];
}
