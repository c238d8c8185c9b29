import { z } from "zod";
import { storedKind } from "../stored-json.ts";

/** What a file said of the fields that staff may edit; mergeEdits. */
export const storedFileFields = storedKind("fields of a file", z.record(z.string(), z.json()));

/** One side of a conflict between a file and an edit. */
export const storedEditValue = storedKind("side of a conflict", z.json());

/** A row that staff removed on the site, as it was. */
export const storedRemovedRow = storedKind("removed row", z.record(z.string(), z.json()));
