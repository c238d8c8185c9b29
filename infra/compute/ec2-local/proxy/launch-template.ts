import type { MotoApi } from "../moto/moto-api.ts";
import { ApiFailure } from "./api-failure.ts";
import { type Form, type FormValue, formIn, listIn, textIn } from "./form.ts";
import { findXml, type XmlElement, xmlText } from "./xml.ts";

export interface TemplateVersion {
  id: string;
  name: string;
  version: string;
  /** Its data as RunInstances takes them. */
  launch: Form;
}

/** Throws ApiFailure as EC2 names it when the template or its version is gone. */
export async function readTemplate(moto: MotoApi, specification: Form): Promise<TemplateVersion> {
  const version = textIn(specification, "Version") ?? "$Default";
  const named = Object.fromEntries(
    ["LaunchTemplateId", "LaunchTemplateName"].flatMap((key) =>
      textIn(specification, key) ? [[key, textIn(specification, key) as string]] : [],
    ),
  );
  const answer = await moto.ec2("DescribeLaunchTemplateVersions", {
    ...named,
    LaunchTemplateVersion: [version],
  });
  const found = findXml(answer, "launchTemplateVersionSet", "item");
  const data = findXml(found, "launchTemplateData");
  if (!found || !data) {
    throw new ApiFailure(
      "InvalidLaunchTemplateId.VersionNotFound",
      `Could not find launch template version ${version}.`,
    );
  }
  return {
    id: xmlText(found, "launchTemplateId"),
    name: xmlText(found, "launchTemplateName"),
    version: xmlText(found, "versionNumber"),
    launch: asForm(data) as Form,
  };
}

/** What the request says wins over the template; tags of both are given, those of the request last. */
export function mergeLaunch(template: Form, request: Form): Form {
  const merged: Form = { ...template, ...request };
  for (const name of ["MetadataOptions", "Placement"]) {
    if (template[name] && request[name])
      merged[name] = { ...formIn(template, name), ...formIn(request, name) };
  }
  const devices = mergeDevices(listIn(template, "BlockDeviceMapping"), listIn(request, "BlockDeviceMapping"));
  if (devices.length > 0) merged.BlockDeviceMapping = devices;
  const tags = mergeTags([...listIn(template, "TagSpecification"), ...listIn(request, "TagSpecification")]);
  if (tags.length > 0) merged.TagSpecification = tags;
  return intoInterface(merged);
}

function mergeDevices(template: FormValue[], request: FormValue[]): FormValue[] {
  const byName = new Map<string, Form>();
  for (const device of [...template, ...request]) {
    const name = textIn(device, "DeviceName") ?? "";
    const before = byName.get(name) ?? {};
    byName.set(name, {
      ...before,
      ...(device as Form),
      Ebs: { ...formIn(before, "Ebs"), ...formIn(device, "Ebs") },
    });
  }
  return [...byName.values()];
}

function mergeTags(specifications: FormValue[]): Form[] {
  const byResource = new Map<string, Map<string, string>>();
  for (const specification of specifications) {
    const resource = textIn(specification, "ResourceType") ?? "";
    const tags = byResource.get(resource) ?? new Map<string, string>();
    for (const tag of listIn(specification, "Tag"))
      tags.set(textIn(tag, "Key") ?? "", textIn(tag, "Value") ?? "");
    byResource.set(resource, tags);
  }
  return [...byResource].map(([ResourceType, tags]) => ({
    ResourceType,
    Tag: [...tags].map(([Key, Value]) => ({ Key, Value })),
  }));
}

/** Where there is an interface, it has the subnet and the groups, as EC2 wants it. */
function intoInterface({ SubnetId, SecurityGroupId, ...launch }: Form): Form {
  const [first, ...others] = listIn(launch, "NetworkInterface");
  if (!first) {
    return {
      ...launch,
      ...(SubnetId === undefined ? {} : { SubnetId }),
      ...(SecurityGroupId === undefined ? {} : { SecurityGroupId }),
    };
  }
  const groups = listIn(first, "SecurityGroupId");
  return {
    ...launch,
    NetworkInterface: [
      {
        ...(first as Form),
        ...(SubnetId === undefined ? {} : { SubnetId }),
        ...(groups.length === 0 && SecurityGroupId !== undefined ? { SecurityGroupId } : {}),
      },
      ...others,
    ],
  };
}

/** EC2 answers `tagSet` with items where it is asked `Tag.1`; nothing else differs but `groupSet`. */
function asForm(element: XmlElement): FormValue {
  if (element.children.length === 0) return element.text;
  if (element.name.endsWith("Set")) return element.children.map(asForm);
  return Object.fromEntries(element.children.map((child) => [formName(child.name), asForm(child)]));
}

function formName(name: string): string {
  if (name === "groupSet") return "SecurityGroupId";
  const singular = name.replace(/Set$/, "");
  return singular.charAt(0).toUpperCase() + singular.slice(1);
}
