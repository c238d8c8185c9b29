import { z } from "zod";
import { storedKind } from "../stored-json.ts";
import { officeHoursSpec } from "./schedule-spec.ts";

/** What a class is about, in the order of the class. */
export const storedObjectives = storedKind("objectives of a class", z.array(z.string()));

/** Days on which office hours are held otherwise, or not at all. */
export const storedExceptions = storedKind("exceptions of office hours", officeHoursSpec.shape.exceptions);
