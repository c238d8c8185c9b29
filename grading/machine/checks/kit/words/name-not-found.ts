/** How programs of all languages say that a host's name leads nowhere. */
export const nameNotFound =
  /name or service not known|temporary failure in name resolution|EAI_AGAIN|ENOTFOUND|no such host|bad address|could not resolve|name does not resolve|nodename nor servname/i;
