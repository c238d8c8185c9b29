import { printXml, xml } from "./xml.ts";

/** An answer that an AWS service gives instead of a result. */
export class ApiFailure extends Error {
  override readonly name = "ApiFailure";

  constructor(
    readonly code: string,
    message: string,
    /** The HTTP status. */
    readonly status = 400,
  ) {
    super(message);
  }
}

/** How a service writes its failures: EC2, the other services with form posts, those with JSON. */
export type FailureFormat = "ec2" | "query" | "json";

export function printFailure(
  failure: ApiFailure,
  format: FailureFormat,
): { status: number; headers: Record<string, string>; body: string } {
  const { code, message, status } = failure;
  if (format === "json") {
    return {
      status,
      headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-errortype": code },
      body: JSON.stringify({ __type: code, message, Message: message }),
    };
  }
  const error = xml("Error", [
    ...(format === "query" ? [xml("Type", status < 500 ? "Sender" : "Receiver")] : []),
    xml("Code", code),
    xml("Message", message),
  ]);
  const body =
    format === "ec2"
      ? xml("Response", [xml("Errors", [error]), xml("RequestID", "local-ec2")])
      : xml("ErrorResponse", [error, xml("RequestId", "local-ec2")]);
  return { status, headers: { "content-type": "text/xml;charset=UTF-8" }, body: printXml(body) };
}
