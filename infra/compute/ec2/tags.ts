import type { Filter, Tag } from "@aws-sdk/client-ec2";

/** By which instances, volumes and images in an account are known as a Drydock's. Policies of the stack name them too. */
export const tagKeys = {
  /** The id of the Drydock that has them: nothing else makes one its own. */
  installation: "drydock:installation",
  /** What people call it; for bills alone. */
  deployment: "drydock:deployment",
  machine: "drydock:machine",
  machineKind: "drydock:machine-kind",
  /** ISO instant. */
  leaseUntil: "drydock:lease-until",
  /** Of an image: over the recipe that it was made by. */
  recipe: "drydock:recipe",
  /** Of an instance that makes an image: which process it works for, as images/builders.ts writes it. */
  builder: "drydock:builder",
} as const;

export type TagName = keyof typeof tagKeys;

/** As the API takes them; what is undefined is left out. */
export function writeTags(values: Partial<Record<TagName, string | undefined>>): Tag[] {
  return (Object.keys(tagKeys) as TagName[]).flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [{ Key: tagKeys[name], Value: value }];
  });
}

/** Of the installation's instances that are not ended, whatever they are for. */
export const livingFilters = (installation: string): Filter[] => [
  { Name: `tag:${tagKeys.installation}`, Values: [installation] },
  { Name: "instance-state-name", Values: ["pending", "running", "stopping", "stopped"] },
];

/** Ours of all tags. */
export function readTags(tags: readonly Tag[] | undefined): Partial<Record<TagName, string>> {
  const values = new Map(tags?.map(({ Key, Value }) => [Key, Value]));
  return Object.fromEntries(
    (Object.keys(tagKeys) as TagName[]).flatMap((name) => {
      const value = values.get(tagKeys[name]);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
