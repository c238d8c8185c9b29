import type { V1Service, V1ServicePort } from "@kubernetes/client-node";
import type { z } from "zod";
import type { Part } from "../../kit/credit/share-credit.ts";
import type { portSettings, serviceTypes } from "./settings.ts";

/** Whether a Service has the type and the ports asked for. */
export function judgeServicePorts(
  service: V1Service,
  wanted: { type?: z.output<typeof serviceTypes> | undefined; ports: z.output<typeof portSettings>[] },
): Part[] {
  const what = `Service ${service.metadata?.name}`;
  const parts = wanted.ports.map((port) => judgePort(what, service.spec?.ports ?? [], port));
  if (wanted.type === undefined) return parts;
  const type = service.spec?.clusterIP === "None" ? "Headless" : (service.spec?.type ?? "ClusterIP");
  const named = (each: string) => (each === "Headless" ? "headless (clusterIP: None)" : each);
  return [
    {
      expected: `${what} is ${wanted.type === "Headless" ? "" : "of type "}${named(wanted.type)}`,
      problem:
        type === wanted.type
          ? null
          : {
              happened: `${what} is ${named(type)}.`,
              fix:
                wanted.type === "Headless"
                  ? `Set clusterIP: None in ${what}.`
                  : `Set type: ${wanted.type} in ${what}${type === "Headless" ? ", without clusterIP: None" : ""}.`,
            },
    },
    ...parts,
  ];
}

function judgePort(what: string, ports: V1ServicePort[], wanted: z.output<typeof portSettings>): Part {
  const { port, ...fields } = wanted;
  const stated = Object.entries(fields).filter(([, value]) => value !== undefined);
  const inWords = stated.map(([key, value]) => `${key}: ${value}`).join(", ");
  const expected = `${what} has port ${port}${inWords && ` with ${inWords}`}`;
  const found = ports.find((each) => each.port === port);
  if (!found)
    return {
      expected,
      problem: {
        happened: `${what} has ${ports.map((each) => `port ${each.port}`).join(", ") || "no port"}.`,
        fix: `Give ${what} a port with port: ${port}.`,
      },
    };
  const wrong = stated.find(
    ([key, value]) => String(found[key as keyof V1ServicePort] ?? "") !== String(value),
  );
  if (!wrong) return { expected, problem: null };
  const [key, value] = wrong;
  return {
    expected,
    problem: {
      happened: `Port ${port} of ${what} has ${key}: ${found[key as keyof V1ServicePort] ?? "nothing"}.`,
      fix: `Set ${key}: ${value} for port ${port} of ${what}.`,
    },
  };
}
