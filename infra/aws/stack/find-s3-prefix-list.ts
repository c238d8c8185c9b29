import type { StackClientOptions } from "./stack-api.ts";
import { explain, StackError } from "./stack-error.ts";

/** The id of S3's prefix list in the region, which a template cannot ask for. Throws StackError. */
export async function findS3PrefixList(options: StackClientOptions = {}): Promise<string> {
  const { DescribeManagedPrefixListsCommand, EC2Client } = await import("@aws-sdk/client-ec2");
  const act = "S3's prefix list could not be found";
  try {
    const client = new EC2Client(options);
    const region = await client.config.region();
    const { PrefixLists } = await client.send(
      new DescribeManagedPrefixListsCommand({
        Filters: [{ Name: "prefix-list-name", Values: [`com.amazonaws.${region}.s3`] }],
      }),
    );
    const id = PrefixLists?.[0]?.PrefixListId;
    if (id === undefined)
      throw new StackError(
        "other",
        `${act}: region ${region} names none. Give its id with --s3-prefix-list.`,
      );
    return id;
  } catch (error) {
    throw explain(error, act);
  }
}
