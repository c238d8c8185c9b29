import { createHash, randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { buildLayer } from "#infra/machine/build-layer.ts";
import { ensureEngine } from "#infra/machine/engine/ensure-engine.ts";
import { ensureMachineImage } from "#infra/machine/ensure-image.ts";
import type { Layer } from "#infra/machine/recipe.ts";

it("a step of an image that is told to end takes its builder along and makes no layer", async () => {
  const { docker } = await ensureEngine({ install: false, onProgress: () => {} });
  const { image: from } = await ensureMachineImage({ docker, machineKind: "engine", onProgress: () => {} });
  const hash = createHash("sha256").update(randomBytes(8)).digest("hex");
  const content = Buffer.from("#!/bin/sh\necho it began\nexec sleep 600\n");
  const layer: Layer = {
    step: "packages",
    title: "Sleeping",
    seconds: 600,
    files: [{ path: "provision.sh", content, executable: true }],
    hash,
    image: `drydock-test:${hash.slice(0, 12)}`,
  };
  const ending = new AbortController();
  const report = (_step: string, _fraction: number | null, line?: string) => {
    if (line === "it began") ending.abort();
  };
  const apt = { mirror: null, securityMirror: null, proxy: null };
  const built = buildLayer({ docker, layer, from, apt, report, signal: ending.signal });
  await expect(built).rejects.toMatchObject({ name: "AbortError" });
  const builder = docker.getContainer(`drydock-build-${hash.slice(0, 12)}`);
  await expect(builder.inspect()).rejects.toMatchObject({ statusCode: 404 });
  await expect(docker.getImage(layer.image).inspect()).rejects.toMatchObject({ statusCode: 404 });
});
