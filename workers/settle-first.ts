import type { AgentService } from "#grading/protocol/agent-service.ts";
import type { Watch } from "./reconcilers/kit/watch.ts";

/**
 * The same service, which judges no machine by its lease before a jump of the clock is written down: an agent that
 * calls first after this computer slept would be sent home, although its lease moves along a moment later.
 */
export function settleFirst(service: AgentService, watch: Pick<Watch, "look">): AgentService {
  const after =
    <Given extends unknown[], Result>(call: (...given: Given) => Promise<Result>) =>
    async (...given: Given) => {
      await watch.look();
      return call(...given);
    };
  return {
    ...service,
    openSession: after(service.openSession),
    reportWarm: after(service.reportWarm),
    nextRun: after(service.nextRun),
    heartbeat: after(service.heartbeat),
    takeNotice: after(service.takeNotice),
    reportResult: after(service.reportResult),
  };
}
