import type { Part } from "../../kit/credit/share-credit.ts";
import type { CheckContext } from "../../kit/define-check.ts";
import { quoteOutput } from "../../kit/words/quote-output.ts";
import { apiRefusal } from "../kit/api/api-error.ts";
import { createClients } from "../kit/api/clients.ts";
import { patchDeployment } from "../kit/drills/revisions.ts";
import { applyManifests } from "../kit/manifests/apply-manifests.ts";
import { readManifests } from "../kit/manifests/read-manifests.ts";
import type { Update } from "./settings.ts";

export function updateInWords(deployment: string, update: Update): string {
  if ("manifests" in update) return `Apply ${update.manifests}`;
  if ("image" in update) return `Set the image of Deployment ${deployment} to ${update.image}`;
  const variables = Object.entries(update.env).map(([name, value]) => `${name}=${value}`);
  return `Set ${variables.join(", ")} in Deployment ${deployment}`;
}

export type UpdateSent = { outcome: "sent" } | { outcome: "refused"; problem: NonNullable<Part["problem"]> };

/** Makes the new version, with the student's rights. */
export async function sendUpdate(
  context: CheckContext,
  namespace: string,
  deployment: string,
  update: Update,
): Promise<UpdateSent> {
  if ("manifests" in update) {
    const read = await readManifests(context, update.manifests);
    if (read.outcome === "refused") return { outcome: "refused", problem: read.message };
    const config = context.kubernetes().student;
    const applied = await applyManifests(context, read.documents, { namespace, config });
    return applied.outcome === "refused"
      ? { outcome: "refused", problem: applied.message }
      : { outcome: "sent" };
  }
  const named = await findContainer(context, namespace, deployment, update.container);
  if (named.outcome === "none") return { outcome: "refused", problem: named.problem };
  const { name } = named;
  try {
    const change =
      "image" in update
        ? { name, image: update.image }
        : { name, env: Object.entries(update.env).map(([key, value]) => ({ name: key, value })) };
    const body = { spec: { template: { spec: { containers: [change] } } } };
    await patchDeployment(
      context,
      { namespace, name: deployment },
      "application/strategic-merge-patch+json",
      body,
    );
    return { outcome: "sent" };
  } catch (error) {
    const refusal = apiRefusal(error);
    if (!refusal || refusal.code >= 500) throw error;
    return {
      outcome: "refused",
      problem: {
        happened: `The API server refused the change of Deployment ${deployment}: it said ${quoteOutput(refusal.message)}.`,
        fix: `Correct what it names in Deployment ${deployment}.`,
      },
    };
  }
}

/** The container that is meant. */
async function findContainer(
  context: CheckContext,
  namespace: string,
  deployment: string,
  wanted: string | undefined,
): Promise<{ outcome: "found"; name: string } | { outcome: "none"; problem: NonNullable<Part["problem"]> }> {
  const { apps } = createClients(context.kubernetes().admin, context.signal);
  const { spec } = await apps.readNamespacedDeployment({ namespace, name: deployment });
  const names = (spec?.template.spec?.containers ?? []).map(({ name }) => name);
  const name = wanted ?? names[0] ?? "";
  if (names.includes(name)) return { outcome: "found", name };
  return {
    outcome: "none",
    problem: {
      happened: `Deployment ${deployment} has no container ${name}, which the new version changes; it has ${names.join(", ")}.`,
      fix: `Name the container ${name}.`,
    },
  };
}
