import { LaunchError, type UserData } from "#grading/machines/provider.ts";

/** Bytes before base64, as EC2 counts them. */
export const mostUserDataBytes = 16_384;

/** Base64 of what the boot script reads. Throws LaunchError where EC2 would not take it. */
export function encodeUserData(userData: UserData): string {
  const bytes = Buffer.from(JSON.stringify(userData));
  if (bytes.length > mostUserDataBytes)
    throw new LaunchError(
      "misconfigured",
      `The machine's user data have ${bytes.length} bytes, and EC2 takes ${mostUserDataBytes}: shorten what they are made of, such as DRYDOCK_GATEWAY_URL.`,
      { trouble: "user-data" },
    );
  return bytes.toString("base64");
}
