import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { deployStack } from "#infra/aws/stack/deploy-stack.ts";
import { findStack, openStack } from "#infra/aws/stack/stack-api.ts";
import { runCli } from "../cli/run-cli.ts";

const credentials = { accessKeyId: "test", secretAccessKey: "test" };
/** Nothing of who runs the tests. */
const nobody = {
  AWS_CONFIG_FILE: "/dev/null",
  AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_ACCESS_KEY_ID: "",
  AWS_SECRET_ACCESS_KEY: "",
  AWS_PROFILE: "",
  AWS_REGION: "us-east-1",
};

/** An endpoint that answers every call with one of AWS's errors, in the shape of its query protocol. */
async function refusing(code: string, message: string, status: number): Promise<string> {
  const server = createServer((_, response) => {
    response.writeHead(status, { "content-type": "text/xml" });
    response.end(
      `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const told: [code: string, message: string, status: number, kind: string, says: RegExp][] = [
  [
    "ExpiredToken",
    "The security token included in the request is expired",
    403,
    "wrong-credentials",
    /expired/,
  ],
  [
    "InvalidClientTokenId",
    "The security token is invalid",
    403,
    "wrong-credentials",
    /refuses the credentials/,
  ],
  ["SignatureDoesNotMatch", "Signature expired", 403, "wrong-credentials", /clock/],
  [
    "AccessDenied",
    "User: arn:aws:iam::1:user/u is not authorized to perform: cloudformation:DescribeStacks on resource: x",
    403,
    "no-permission",
    /cloudformation:DescribeStacks is not allowed/,
  ],
  ["Throttling", "Rate exceeded", 400, "throttled", /no more calls/],
];

test.each(told)("%s is told as what it is", async (code, message, status, kind, says) => {
  const endpoint = await refusing(code, message, status);
  const api = await openStack("drydock-test", { endpoint, region: "us-east-1", credentials });
  const error = await findStack(api).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: "StackError", kind });
  expect(String(error)).toMatch(says);
});

test("a stack that is not there is none", async () => {
  const endpoint = await refusing("ValidationError", "Stack with id drydock-test does not exist", 400);
  const api = await openStack("drydock-test", { endpoint, region: "us-east-1", credentials });
  await expect(findStack(api)).resolves.toBeNull();
});

test("a template that AWS would not take is not sent", async () => {
  const api = await openStack("drydock-test", {
    endpoint: "http://127.0.0.1:9",
    region: "us-east-1",
    credentials,
  });
  await expect(deployStack(api, { template: "x".repeat(51_201), tags: [] })).rejects.toMatchObject({
    kind: "template",
  });
});

const content = ["--controller", "203.0.113.7/32", "--students", "40", "--email", "staff@example.edu"];

test("the command says what is missing in one sentence and its exit status says whose it is", async () => {
  const none = await runCli(["aws", "outputs"], { env: nobody });
  expect(none.stderr).toMatch(/No AWS credentials were found/);
  expect(none.code).toBe(2);
  const away = await runCli(["aws", "outputs"], {
    env: {
      ...nobody,
      AWS_ACCESS_KEY_ID: "x",
      AWS_SECRET_ACCESS_KEY: "x",
      AWS_ENDPOINT_URL: "http://127.0.0.1:9",
    },
  });
  expect(away.stderr).toMatch(/AWS does not answer/);
  expect(away.code).toBe(3);
});

test("every wrong option is named, before AWS or a database is asked", async () => {
  const wrong = await runCli(
    ["aws", "deploy", "--controller", "0.0.0.0/0", "--students", "9999", "--email", "nobody"],
    { env: nobody },
  );
  expect(wrong.code).toBe(2);
  for (const name of ["--controller:", "--students:", "--email:"]) expect(wrong.stderr).toContain(name);
});

test("without the stack's name typed nothing is removed", async () => {
  const env = {
    ...nobody,
    AWS_ACCESS_KEY_ID: "x",
    AWS_SECRET_ACCESS_KEY: "x",
    AWS_ENDPOINT_URL: "http://127.0.0.1:9",
  };
  for (const input of ["drydock\n", "\n", ""]) {
    const { code, stderr } = await runCli(["aws", "destroy"], { env, input });
    expect(stderr).toMatch(/not the stack's name \(drydock-local\)/);
    expect(code).toBe(1);
  }
});

test("a region that is not set is asked for", async () => {
  const { code, stderr } = await runCli(["aws", "diff", ...content, "--installation", "ins_1"], {
    env: { ...nobody, AWS_REGION: "", AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x" },
  });
  expect(stderr).toMatch(/No AWS region is set/);
  expect(code).toBe(2);
});
