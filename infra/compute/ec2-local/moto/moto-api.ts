import { ApiFailure } from "../proxy/api-failure.ts";
import { type Form, printForm } from "../proxy/form.ts";
import { findXml, parseXml, type XmlElement, xmlText } from "../proxy/xml.ts";

/** moto itself, behind the proxy. Its answers of EC2 are trees; what it refuses is thrown as ApiFailure. */
export interface MotoApi {
  url: string;
  region: string;
  ec2(action: string, form?: Form): Promise<XmlElement>;
  /** A call of a service that speaks JSON, such as `AWSEvents.PutEvents` of `events`. */
  json(service: string, target: string, body: unknown): Promise<unknown>;
  /** Forgets everything, as if newly started. */
  reset(): Promise<void>;
}

export function motoApi(url: string, region: string): MotoApi {
  /** moto checks no signature; it reads service and region from where one would be. */
  const headersFor = (service: string) => ({
    authorization: `AWS4-HMAC-SHA256 Credential=local/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=none`,
  });
  return {
    url,
    region,
    async ec2(action, form = {}) {
      const response = await fetch(url, {
        method: "POST",
        headers: headersFor("ec2"),
        body: printForm({ ...form, Action: action, Version: "2016-11-15" }),
      });
      const body = await response.text();
      if (isPage(response.headers.get("content-type"), body)) throw unsupported(action, body);
      const tree = parseXml(body);
      const error = findXml(tree, "Errors", "Error");
      if (error) throw new ApiFailure(xmlText(error, "Code"), xmlText(error, "Message"), response.status);
      return tree;
    },
    async json(service, target, body) {
      const response = await fetch(url, {
        method: "POST",
        headers: {
          ...headersFor(service),
          "content-type": "application/x-amz-json-1.1",
          "x-amz-target": target,
        },
        body: JSON.stringify(body),
      });
      const text = await response.text();
      if (isPage(response.headers.get("content-type"), text)) throw unsupported(target, text);
      if (!response.ok) throw new ApiFailure(target, text, response.status);
      return JSON.parse(text || "{}");
    },
    async reset() {
      const response = await fetch(new URL("/moto-api/reset", url), { method: "POST" });
      if (!response.ok) throw new Error(`moto was not reset: ${response.status} ${await response.text()}`);
    },
  };
}

/** What moto cannot do it answers with a page for people. */
export function isPage(contentType: string | null | undefined, body: string): boolean {
  return (contentType ?? "").includes("text/html") && body.trimStart().startsWith("<!doctype html>");
}

/** 501, which the SDK does not try again. The last line of the page says what happened. */
export function unsupported(action: string, page: string): ApiFailure {
  const lastLine = page.trimEnd().split("\n").at(-1)?.trim() ?? "";
  return new ApiFailure("LocalEc2Unsupported", `moto cannot answer ${action}: ${lastLine}`, 501);
}
