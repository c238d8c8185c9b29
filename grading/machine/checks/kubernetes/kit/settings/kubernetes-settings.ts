import { z } from "zod";
import { relativePath } from "../../../kit/settings/settings.ts";

/** Pieces of settings that the kubernetes/* kinds share, so that one word means one thing in all of them. */

export const manifestsPath = relativePath
  .default("k8s/")
  .describe("Folder (with everything below it) or file of the submission that holds the manifests.");

export const namespaceSetting = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, "a namespace's name, such as student")
  .optional()
  .describe("Namespace; the exercise's first when left out.");

export const objectName = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, "a name as Kubernetes takes it, such as shop-web");

export const readySeconds = z.number().min(1).max(600).default(60).describe("It must be ready by then.");
