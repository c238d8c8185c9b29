import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test, vi } from "vitest";
import { bundleReaper } from "#infra/aws/reaper/bundle-reaper.ts";
import { tagKeys, writeTags } from "#infra/compute/ec2/tags.ts";

const hour = 3_600_000;
const at = (ms: number) => new Date(Date.now() + ms);

function instanceXml(id: string, lease: Date | null, installation = "ins_1"): string {
  const tags = writeTags({ installation, machine: `mac_${id}`, leaseUntil: lease?.toISOString() });
  const set = tags.map(({ Key, Value }) => `<item><key>${Key}</key><value>${Value}</value></item>`).join("");
  return `<item><instancesSet><item><instanceId>${id}</instanceId><launchTime>${at(-hour).toISOString()}</launchTime><tagSet>${set}</tagSet></item></instancesSet></item>`;
}

/**
 * An endpoint that speaks EC2's protocol for the two calls of the reaper: two pages of instances, and a refusal of any
 * call that ends `odd` ones, which AWS makes for the whole call.
 */
async function standInEc2(pages: string[][], odd: Record<string, string>) {
  const ended: string[] = [];
  const filters: string[] = [];
  const server = createServer(async (request, response) => {
    const body = new URLSearchParams(await text(request));
    const answer = (status: number, xml: string) =>
      response.writeHead(status, { "content-type": "text/xml" }).end(xml);
    if (body.get("Action") === "DescribeInstances") {
      filters.push(`${body.get("Filter.1.Name")}=${body.get("Filter.1.Value.1")}`);
      const page = Number(body.get("NextToken") ?? "0");
      const next = page + 1 < pages.length ? `<nextToken>${page + 1}</nextToken>` : "";
      return answer(
        200,
        `<DescribeInstancesResponse><reservationSet>${pages[page]?.join("") ?? ""}</reservationSet>${next}</DescribeInstancesResponse>`,
      );
    }
    const ids = [...body].filter(([key]) => key.startsWith("InstanceId.")).map(([, id]) => id);
    const wrong = ids.find((id) => odd[id] !== undefined);
    if (wrong !== undefined)
      return answer(
        400,
        `<Response><Errors><Error><Code>${odd[wrong]}</Code><Message>${wrong}</Message></Error></Errors><RequestID>1</RequestID></Response>`,
      );
    ended.push(...ids);
    return answer(200, "<TerminateInstancesResponse><instancesSet/></TerminateInstancesResponse>");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  vi.stubEnv("AWS_ENDPOINT_URL", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  vi.stubEnv("AWS_REGION", "us-east-1");
  onTestFinished(() => void vi.unstubAllEnvs());
  return { ended, filters };
}

/** The very text that stands in the template, with the SDK that its runtime brings. */
function loadReaper(): () => Promise<void> {
  const module = { exports: {} as { handler?: () => Promise<void> } };
  const load = new Function("require", "module", "exports", bundleReaper("ins_1"));
  load(createRequire(import.meta.url), module, module.exports);
  if (module.exports.handler === undefined) throw new Error("the bundle has no handler");
  return module.exports.handler;
}

test("the function of the stack ends what is past its lease on every page, and nothing else", async () => {
  const world = await standInEc2(
    [
      [instanceXml("i-past", at(-hour / 2)), instanceXml("i-fresh", at(hour / 2))],
      [instanceXml("i-older", at(-hour / 3)), instanceXml("i-foreign", at(-hour / 2), "ins_2")],
    ],
    {},
  );
  await loadReaper()();
  expect(world.ended).toEqual(["i-past", "i-older"]);
  expect(world.filters).toEqual(Array(2).fill(`tag:${tagKeys.installation}=ins_1`));
});

test("one that is gone keeps no other, and is no failure", async () => {
  const past = at(-hour / 2);
  const world = await standInEc2(
    [[instanceXml("i-1", past), instanceXml("i-gone", past), instanceXml("i-2", past)]],
    { "i-gone": "InvalidInstanceID.NotFound" },
  );
  await loadReaper()();
  expect(world.ended).toEqual(["i-1", "i-2"]);
});

test("one that cannot be ended fails the call, after all others were", async () => {
  const past = at(-hour / 2);
  const world = await standInEc2(
    [[instanceXml("i-1", past), instanceXml("i-held", past)], [instanceXml("i-2", past)]],
    { "i-held": "OperationNotPermitted" },
  );
  await expect(loadReaper()()).rejects.toThrow(/1 instances past their lease/);
  expect(world.ended).toEqual(["i-1", "i-2"]);
});
