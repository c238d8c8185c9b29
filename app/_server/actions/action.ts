import { headers } from "next/headers";
import { unstable_rethrow } from "next/navigation";
import type { z } from "zod";
import { findActor } from "../access/actor.ts";
import { authorize } from "../access/authorize.ts";
import type { ActorOf, PermissionName, SubjectKindOf, SubjectOf } from "../access/permissions.ts";
import type { SubjectRefOf } from "../access/subjects.ts";
import { toHttpError } from "../http-errors.ts";
import { parseRequest } from "../parse-request.ts";
import { getServices, type Services } from "../services.ts";

type SubjectOption<P extends PermissionName, Input> =
  SubjectKindOf<P> extends "none" ? { subject?: undefined } : { subject: (input: Input) => SubjectRefOf<P> };

export type ActionOptions<P extends PermissionName, Schema extends z.ZodType, State> = {
  permission: P;
  /** Of the form's fields. */
  input: Schema;
  /** What the form shows when something went wrong; `form` is what was typed. */
  failed: (error: { code: string; message: string }, form: FormData) => State;
} & SubjectOption<P, z.output<Schema>>;

export interface ActionContext<P extends PermissionName, Input> {
  input: Input;
  actor: ActorOf<P>;
  subject: SubjectOf<P>;
  services: Services;
}

/**
 * Every server action is made here, for `useActionState`: it works as a plain form before JavaScript has loaded.
 * Next itself refuses actions that another site posts.
 */
export function action<P extends PermissionName, Schema extends z.ZodType, State>(
  options: ActionOptions<P, Schema, State>,
  handle: (context: ActionContext<P, z.output<Schema>>) => Promise<State>,
): (previous: Awaited<State>, form: FormData) => Promise<State> {
  return async (_previous, form) => {
    const services = await getServices();
    try {
      const caller = await findActor(services, await headers());
      const input = parseRequest(options.input, Object.fromEntries(form));
      const ref = (options.subject?.(input) ?? null) as SubjectRefOf<P>;
      const { actor, subject } = await authorize(services, options.permission, caller, ref);
      return await handle({ input, actor, subject, services });
    } catch (error) {
      // Redirects travel as exceptions.
      unstable_rethrow(error);
      const onSurprise = (reference: string, err: unknown) =>
        services.log.error({ reference, action: options.permission, err }, "An action failed.");
      const known = toHttpError(error, onSurprise, true);
      return options.failed({ code: known.code, message: known.message }, form);
    }
  };
}
