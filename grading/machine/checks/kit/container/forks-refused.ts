import { RE2JS, re } from "re2js";

/** What shells and languages write when the system refuses them a process or thread. */
export const forksRefused = re(
  RE2JS.CASE_INSENSITIVE,
)`can't fork|cannot fork|fork: retry|(?:fork|clone|spawn|thread)\b.*(?:Resource temporarily unavailable|EAGAIN)|BlockingIOError: \[Errno 11\]|can't start new thread|unable to create (?:new )?native thread`;
