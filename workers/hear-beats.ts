import { AppError } from "#course/errors.ts";
import { AgentRefusal, type AgentService } from "#grading/protocol/agent-service.ts";

/**
 * The same service, which notices when a machine calls and its call is not taken down: then the machine is not silent,
 * but this side deaf. A beat that the database does not take in time is given up, so that the machine beats again.
 */
export function hearBeats(service: AgentService, missed: () => void, limitMs: number): AgentService {
  return {
    ...service,
    heartbeat: async (session, beat) => {
      const late = new AppError({
        code: "beat-not-taken",
        userMessage: `A machine's beat was not taken down within ${limitMs / 1000} s.`,
        retryable: true,
      });
      let timer: NodeJS.Timeout | undefined;
      const tooLate = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(late), limitMs);
      });
      try {
        return await Promise.race([service.heartbeat(session, beat), tooLate]);
      } catch (error) {
        if (!(error instanceof AgentRefusal)) missed();
        throw error;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
