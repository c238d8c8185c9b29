/** Codes by which every service of AWS, and its client, says the same. What is one service's own stands with that service. */
export const errorCodes = {
  noCredentials: ["CredentialsProviderError", "TokenProviderError"],
  badCredentials: [
    ...["AuthFailure", "InvalidClientTokenId", "UnrecognizedClientException", "MissingAuthenticationToken"],
    ...["SignatureDoesNotMatch", "ExpiredToken", "ExpiredTokenException"],
  ],
  /** The request is dated minutes off. */
  clock: ["RequestExpired", "RequestTimeTooSkewed"],
  permission: ["UnauthorizedOperation", "AccessDenied", "AccessDeniedException"],
  throttled: [
    ...["RequestLimitExceeded", "RequestThrottled", "Throttling", "ThrottlingException"],
    "EC2ThrottledException",
  ],
} as const satisfies Record<string, readonly string[]>;

/** The same value for each of these codes. */
export const forEachCode = <Value>(codes: readonly string[], value: Value): Record<string, Value> =>
  Object.fromEntries(codes.map((code) => [code, value]));
