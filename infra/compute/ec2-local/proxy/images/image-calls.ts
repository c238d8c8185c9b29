import type { MotoApi } from "../../moto/moto-api.ts";
import { ApiFailure } from "../api-failure.ts";
import { instanceNotFound } from "../describe-instances.ts";
import { type Form, type FormValue, listIn, textIn } from "../form.ts";
import type { KnownInstances } from "../known-instances.ts";
import { findXml, type XmlElement, xml, xmlText } from "../xml.ts";

/**
 * CreateImage as EC2 has it: a name once only, and tags of the snapshot in the same call, which moto does not take. The
 * image is there at once.
 */
export async function createImage({ moto }: { moto: MotoApi }, form: Form): Promise<XmlElement> {
  const name = textIn(form, "Name") ?? "";
  const same = await moto.ec2("DescribeImages", {
    Owner: ["self"],
    Filter: [{ Name: "name", Value: [name] }],
  });
  if ((findXml(same, "imagesSet")?.children ?? []).length > 0)
    throw new ApiFailure(
      "InvalidAMIName.Duplicate",
      `AMI name ${name} is already in use by AMI ${xmlText(same, "imagesSet", "item", "imageId")}`,
    );
  const specifications = listIn(form, "TagSpecification");
  const of = (kind: string) => specifications.filter((one) => textIn(one, "ResourceType") === kind);
  const answer = await moto.ec2("CreateImage", { ...form, TagSpecification: of("image") });
  const tags: FormValue[] = of("snapshot").flatMap((one) => listIn(one, "Tag"));
  if (tags.length > 0) {
    const made = await moto.ec2("DescribeImages", { ImageId: [xmlText(answer, "imageId")] });
    const disks = findXml(made, "imagesSet", "item", "blockDeviceMapping")?.children ?? [];
    await moto.ec2("CreateTags", {
      ResourceId: disks.map((disk) => xmlText(disk, "ebs", "snapshotId")),
      Tag: tags,
    });
  }
  return answer;
}

/** What a test, or whoever runs the machine, says that it wrote. */
export function getConsoleOutput(
  { instances, consoles }: { instances: KnownInstances; consoles: ReadonlyMap<string, string> },
  form: Form,
): XmlElement {
  const id = textIn(form, "InstanceId") ?? "";
  if (!instances.get(id)) throw instanceNotFound(id);
  const output = consoles.get(id);
  return xml("GetConsoleOutputResponse", [
    xml("instanceId", id),
    ...(output === undefined ? [] : [xml("output", Buffer.from(output).toString("base64"))]),
  ]);
}

/** What was deregistered cannot be launched any more; moto would. */
export async function deregisterImage(
  { moto, goneImages }: { moto: MotoApi; goneImages: Set<string> },
  form: Form,
): Promise<XmlElement> {
  const answer = await moto.ec2("DeregisterImage", form);
  goneImages.add(textIn(form, "ImageId") ?? "");
  return answer;
}
