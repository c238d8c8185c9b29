import type { MotoApi } from "../moto/moto-api.ts";
import { ApiFailure } from "./api-failure.ts";
import { type Form, filtersIn, matchesAny, textIn, textsIn } from "./form.ts";
import type { KnownInstances } from "./known-instances.ts";
import { spotRequestOf } from "./launch-instances.ts";
import { findXml, setXml, type XmlElement, xml, xmlText } from "./xml.ts";

/** Of these filters moto knows no more than the proxy's instances, or answers none of them. */
const ownFilters: Record<string, (item: XmlElement) => string> = {
  "instance-state-name": (item) => xmlText(item, "instanceState", "name"),
  "instance-state-code": (item) => xmlText(item, "instanceState", "code"),
  "client-token": (item) => xmlText(item, "clientToken"),
  "instance-lifecycle": (item) => xmlText(item, "instanceLifecycle"),
};

interface Listed {
  reservation: XmlElement;
  item: XmlElement;
}

/** Pages count instances, whatever reservations they are of, and every state is as the proxy knows it. */
export async function describeInstances(
  moto: MotoApi,
  instances: KnownInstances,
  form: Form,
  largestPage: number,
): Promise<XmlElement> {
  const asked = textsIn(form, "InstanceId");
  const size = Math.min(Number(textIn(form, "MaxResults") ?? 1000), largestPage);
  if (asked.length > 0 && textIn(form, "MaxResults")) {
    throw new ApiFailure(
      "InvalidParameterCombination",
      "The parameter instancesSet cannot be used with the parameter maxResults",
    );
  }
  const invisible = asked.find((id) => !instances.isVisible(id));
  if (invisible) throw instanceNotFound(invisible);

  const filters = filtersIn(form);
  const own = filters.filter(({ name }) => name in ownFilters);
  const all = await listAll(moto, {
    ...(asked.length > 0 ? { InstanceId: asked } : {}),
    Filter: filters
      .filter(({ name }) => !(name in ownFilters))
      .map(({ name, values }) => ({ Name: name, Value: values })),
  });
  const start = startOf(all, textIn(form, "NextToken"));
  const matching = all.slice(start).filter(({ item }) => {
    if (!instances.isVisible(xmlText(item, "instanceId"))) return false;
    correct(instances, item);
    return own.every(({ name, values }) => matchesAny(values, ownFilters[name]?.(item) ?? ""));
  });
  const page = asked.length > 0 ? matching : matching.slice(0, size);
  const last = page.at(-1);
  return xml("DescribeInstancesResponse", [
    xml("requestId", "local-ec2"),
    xml("reservationSet", page.map(asReservation)),
    ...(page.length < matching.length && last ? [xml("nextToken", xmlText(last.item, "instanceId"))] : []),
  ]);
}

export function instanceNotFound(id: string): ApiFailure {
  return new ApiFailure("InvalidInstanceID.NotFound", `The instance ID '${id}' does not exist`);
}

async function listAll(moto: MotoApi, form: Form): Promise<Listed[]> {
  const all: Listed[] = [];
  let token = "";
  do {
    const answer = await moto.ec2("DescribeInstances", token ? { ...form, NextToken: token } : form);
    for (const reservation of findXml(answer, "reservationSet")?.children ?? []) {
      for (const item of findXml(reservation, "instancesSet")?.children ?? [])
        all.push({ reservation, item });
    }
    token = xmlText(answer, "nextToken");
  } while (token);
  return all;
}

function startOf(all: Listed[], token: string | undefined): number {
  if (token === undefined) return 0;
  const at = all.findIndex(({ item }) => xmlText(item, "instanceId") === token);
  if (at < 0) throw new ApiFailure("InvalidNextToken", "The token is not valid.");
  return at + 1;
}

/** What moto does not keep: groups of an interface, spot requests, the phase of shutting down, why an instance ended. */
function correct(instances: KnownInstances, item: XmlElement): void {
  const id = xmlText(item, "instanceId");
  if (findXml(item, "groupSet")?.children.length === 0) {
    setXml(item, "groupSet", findXml(item, "networkInterfaceSet", "item", "groupSet")?.children ?? []);
  }
  const known = instances.get(id);
  if (!known) return;
  if (known.pool.market === "spot") setXml(item, "spotInstanceRequestId", spotRequestOf(id));
  const reason = known.ending?.reason ?? known.stopped;
  if (!reason) return;
  setXml(item, "stateReason", [xml("code", reason.code), xml("message", reason.message)]);
  if (reason.code === "Server.SpotInstanceTermination") setXml(item, "reason", reason.code);
  if (instances.isShuttingDown(id)) {
    setXml(item, "instanceState", [xml("code", 32), xml("name", "shutting-down")]);
  }
}

/** The instance as the only one of its reservation on this page. */
function asReservation({ reservation, item }: Listed): XmlElement {
  return xml(
    "item",
    reservation.children.map((child) =>
      child.name === "instancesSet" ? xml("instancesSet", [item]) : child,
    ),
  );
}
