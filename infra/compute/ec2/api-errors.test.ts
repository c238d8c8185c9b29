import { describe, expect, test } from "vitest";
import { LaunchError } from "#grading/machines/provider.ts";
import { asApiFailure, readFailure, rethrow } from "./api-errors.ts";

const said = (code: string, message = "What AWS says.") =>
  Object.assign(new Error(message), { name: code, Code: code, $metadata: { httpStatusCode: 400 } });
const read = (code: string, message?: string) => {
  const failure = asApiFailure(said(code, message));
  return failure && readFailure(failure, "The machine mch_1 was not launched");
};

describe("what EC2 answers", () => {
  test.each([
    ["InsufficientInstanceCapacity", "insufficient-capacity", "capacity"],
    ["UnfulfillableCapacity", "insufficient-capacity", "capacity"],
    ["InsufficientFreeAddressesInSubnet", "insufficient-capacity", "capacity"],
    ["MaxSpotInstanceCountExceeded", "quota", "quota"],
    ["VcpuLimitExceeded", "quota", "quota"],
    ["RequestLimitExceeded", "throttled", "throttling"],
    ["AuthFailure", "misconfigured", "credentials"],
    ["ExpiredToken", "misconfigured", "credentials"],
    ["UnauthorizedOperation", "misconfigured", "permission"],
    ["RequestExpired", "misconfigured", "clock"],
    ["InvalidLaunchTemplateId.NotFound", "misconfigured", "launch-template"],
    ["InvalidAMIID.NotFound", "misconfigured", "image"],
    ["InvalidSubnetID.NotFound", "misconfigured", "network"],
    ["InvalidInstanceType", "misconfigured", "instance-type"],
    ["InvalidUserData.Malformed", "misconfigured", "user-data"],
    ["SomethingNew", "misconfigured", "other"],
  ])("%s is %s: %s", (code, kind, trouble) => {
    const error = read(code);
    expect(error).toMatchObject({ kind, trouble });
    expect(error?.message).toMatch(/^The machine mch_1 was not launched: .*\.$/);
  });

  test("names the permission that is missing, and not what only AWS can read", () => {
    const message =
      "You are not authorized to perform this operation. User: arn:aws:iam::1:user/x is not authorized to perform: ec2:CreateFleet on resource: y because no identity-based policy allows the ec2:CreateFleet action. Encoded authorization failure message: AAAA";
    expect(read("UnauthorizedOperation", message)?.message).toBe(
      "The machine mch_1 was not launched: the permission ec2:CreateFleet is missing. Add it to the policy of the controller: drydock aws deploy does.",
    );
  });

  test("tells a signature that is dated wrongly from one that is wrong", () => {
    const late = "Signature expired: 20241112T170000Z is now earlier than 20241112T175500Z";
    expect(read("SignatureDoesNotMatch", late)?.trouble).toBe("clock");
    expect(read("SignatureDoesNotMatch")?.trouble).toBe("credentials");
  });

  test.each(["InternalError", "Unavailable", "ServiceUnavailable", "IdempotentParameterMismatch"])(
    "%s says nothing of whether a machine was made",
    (code) => expect(read(code)).toBeNull(),
  );

  test("is no answer where the connection broke, and certain where nobody was there to be asked", () => {
    // As the client hands them on.
    const tried = { $metadata: { attempts: 1, totalRetryDelay: 0 } };
    const broken = Object.assign(new Error("socket hang up"), { code: "ECONNRESET", ...tried });
    const gone = Object.assign(new Error("connect"), { code: "ECONNREFUSED", ...tried });
    expect(() => rethrow(broken, "It failed")).toThrow(broken);
    expect(() => rethrow(gone, "It failed")).toThrow(LaunchError);
    expect(() => rethrow(gone, "It failed")).toThrow("It failed: AWS was not reached (ECONNREFUSED).");
  });
});
