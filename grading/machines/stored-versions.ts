import { z } from "zod";
import { storedKind } from "#course/stored-json.ts";

/** machine_image.versions: of what a machine is made from, by name. */
export const storedVersions = storedKind("list of versions", z.record(z.string(), z.string()));
