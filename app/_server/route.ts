import type { z } from "zod";
import { systemClock } from "#infra/clock/clock.ts";
import { findActor } from "./access/actor.ts";
import { authorize } from "./access/authorize.ts";
import type { Actor, PermissionName, SubjectKindOf, SubjectOf } from "./access/permissions.ts";
import { refuseCrossSite } from "./access/same-origin.ts";
import type { SubjectRefOf } from "./access/subjects.ts";
import { refusedOnPage, seeOther, wantsPage } from "./answer.ts";
import { type ArrivingBody, receiveBody } from "./body/arriving-body.ts";
import { boundedRequest } from "./body/bounded-request.ts";
import { arrivalOf } from "./front-door/arrival.ts";
import { errorResponse, readsOnly, toHttpError } from "./http-errors.ts";
import { parseRequest } from "./parse-request.ts";
import { getServices, type Services } from "./services.ts";
import { signedOutPage } from "./upload/signed-out-page.ts";

/** A permission about nothing in particular needs no subject; every other one does not compile without. */
type SubjectOption<P extends PermissionName, Params> =
  SubjectKindOf<P> extends "none"
    ? { subject?: undefined }
    : { subject: (params: Params) => SubjectRefOf<P> };

export type RouteOptions<P extends PermissionName, Schema extends z.ZodType> = {
  permission: P;
  /** Of the path's and the query's parameters together; the path's win. */
  params: Schema;
  /** "stream": the handler reads `body` itself and bounds it; without it the whole body is at most maxBodyBytes. */
  body?: "stream";
} & SubjectOption<P, z.output<Schema>>;

export interface RouteContext<P extends PermissionName, Params> {
  /** Its body is in memory already, and small; empty when the route has it as a stream. */
  request: Request;
  body: ArrivingBody;
  params: Params;
  /** A route that everyone may call does not ask who calls. */
  actor: P extends "site.view" ? null : Actor;
  subject: SubjectOf<P>;
  services: Services;
}

export interface RouteHandler {
  (
    request: Request,
    context: { params: Promise<Record<string, string | string[] | undefined>> },
  ): Promise<Response>;
  readonly permission: PermissionName;
  readonly body: "bounded" | "stream";
}

/** Every route handler is made here: who are you, may you, parse, call one use case, map the outcome. */
export function route<P extends PermissionName, Schema extends z.ZodType>(
  options: RouteOptions<P, Schema>,
  handle: (context: RouteContext<P, z.output<Schema>>) => Promise<Response>,
): RouteHandler {
  const handler = async (
    request: Request,
    context: { params: Promise<Record<string, string | string[] | undefined>> },
  ): Promise<Response> => {
    let services: Services | undefined;
    // Before anything else: the front door forgets the request's instants with its answer.
    const body = receiveBody(request.body, systemClock, arrivalOf(request.headers));
    try {
      services = await getServices();
      refuseCrossSite(request, services.config.baseUrl);
      const open = options.permission === "site.view";
      const caller = open ? null : await findActor(services, request.headers);
      const query = Object.fromEntries(new URL(request.url).searchParams);
      const params = parseRequest(options.params, { ...query, ...(await context.params) });
      const ref = (options.subject?.(params) ?? null) as SubjectRefOf<P>;
      const { actor, subject } = await authorize(services, options.permission, caller, ref);
      return await handle({
        request: options.body === "stream" ? request : await boundedRequest(request, body),
        body,
        params,
        actor: actor as RouteContext<P, z.output<Schema>>["actor"],
        subject,
        services,
      });
    } catch (error) {
      const known = toHttpError(error, surprise(services, request), !readsOnly(request));
      if (known.status === 401 && wantsPage(request)) return signInFirst(request);
      return (known.status < 500 ? refusedOnPage(request, known.code) : null) ?? errorResponse(known);
    } finally {
      body.discardRest();
    }
  };
  return Object.assign(handler, {
    permission: options.permission,
    body: options.body ?? ("bounded" as const),
  });
}

/** A form that was sent, or a link that was followed, after the session had ended: sign in and come back. */
function signInFirst(request: Request): Response {
  const from = request.method === "GET" ? request.url : request.headers.get("referer");
  const path = from && URL.canParse(from) ? new URL(from).pathname : "/";
  if (request.headers.get("content-type")?.startsWith("multipart/form-data")) return signedOutPage(path);
  return seeOther(`/sign-in?next=${encodeURIComponent(path)}`);
}

/** A path of ours is short; what somebody made up may be as long as a request's first line. */
function shortPath(url: string): string {
  const { pathname } = new URL(url);
  return pathname.length > 200 ? `${pathname.slice(0, 200)}...` : pathname;
}

const surprise = (services: Services | undefined, request: Request) => (reference: string, err: unknown) => {
  const where = { reference, method: request.method, path: shortPath(request.url), err };
  if (services) services.log.error(where, "A request failed.");
  // Without services there is no log yet: the process's own error output has to do.
  else console.error("A request failed before the site was set up.", where);
};
