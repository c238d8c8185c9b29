import type { StackTemplate } from "./stack-of-test.ts";

export const account = "111122223333";
export const region = "us-east-1";

const pseudo: Record<string, string> = {
  "AWS::Partition": "aws",
  "AWS::Region": region,
  "AWS::AccountId": account,
  "AWS::URLSuffix": "amazonaws.com",
  "AWS::StackName": "drydock-fall-2026",
  "AWS::StackId": `arn:aws:cloudformation:${region}:${account}:stack/drydock-fall-2026/0001`,
};

/** What AWS would put for Ref and GetAtt of a resource, in short: what is not listed is `<type>/<logical id>`. */
function nameOf(template: StackTemplate, id: string, attribute: string | null): string {
  const type = template.Resources[id]?.Type;
  if (type === undefined) throw new Error(`${id} is no resource of the template`);
  const arns: Record<string, string> = {
    "AWS::S3::Bucket": `arn:aws:s3:::${id.toLowerCase()}`,
    "AWS::SQS::Queue": `arn:aws:sqs:${region}:${account}:${id}`,
    "AWS::IAM::Role": `arn:aws:iam::${account}:role/${id}`,
    "AWS::Logs::LogGroup": `arn:aws:logs:${region}:${account}:log-group:${id}:*`,
    "AWS::Scheduler::ScheduleGroup": `arn:aws:scheduler:${region}:${account}:schedule-group/${id}`,
  };
  if (attribute === null) return type === "AWS::S3::Bucket" ? id.toLowerCase() : id;
  const arn = attribute === "Arn" ? arns[type] : undefined;
  return arn ?? `${type}.${attribute}/${id}`;
}

/** A part of a template with Ref, GetAtt and Join put in; throws at any other function. */
export function fillIn(template: StackTemplate, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((part) => fillIn(template, part));
  if (value === null || typeof value !== "object") return value;
  const [[key, inner] = ["", null], ...more] = Object.entries(value);
  if (more.length === 0 && key === "Ref") {
    const id = String(inner);
    return pseudo[id] ?? nameOf(template, id, null);
  }
  if (more.length === 0 && key === "Fn::GetAtt") {
    const [id = "", attribute = ""] = inner as string[];
    return nameOf(template, id, attribute);
  }
  if (more.length === 0 && key === "Fn::Join") {
    const [separator = "", parts = []] = inner as [string, unknown[]];
    return (fillIn(template, parts) as string[]).join(separator);
  }
  if (key.startsWith("Fn::")) throw new Error(`${key} cannot be filled in`);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, fillIn(template, part)]));
}

interface Policy {
  Statement: { Effect: string; Action: string | string[]; Resource: string | string[]; Sid?: string }[];
}

/** The documents of all policies whose logical ids begin so, filled in. */
export function policiesNamed(template: StackTemplate, prefix: string): Policy[] {
  const found = Object.entries(template.Resources)
    .filter(([id, { Type }]) => id.startsWith(prefix) && /^AWS::IAM::(Managed)?Policy$/.test(Type))
    .map(([, { Properties }]) => fillIn(template, Properties.PolicyDocument) as Policy);
  if (found.length === 0) throw new Error(`no policy ${prefix}`);
  return found;
}
