import { expect, test } from "vitest";
import { missingPermission } from "./missing-permission.ts";

const user = "User: arn:aws:iam::1:user/x";
test.each([
  [
    `You are not authorized to perform this operation. ${user} is not authorized to perform: ec2:CreateFleet on resource: y`,
    "ec2:CreateFleet",
  ],
  [`${user} is not authorized to perform: s3:PutObject on resource: y`, "s3:PutObject"],
  [
    `${user} is not authorized to perform: cloudformation:CreateStack because no identity-based policy allows it`,
    "cloudformation:CreateStack",
  ],
  ["Denied, because no service-control policy allows the iam:PassRole action", "iam:PassRole"],
  ["You are not authorized to perform this operation. Encoded authorization failure message: abc", null],
  ["Access Denied", null],
])("of %s the permission is %s", (message, permission) => {
  expect(missingPermission(message)).toBe(permission);
});
