import type { LaunchSpec } from "#grading/machines/provider.ts";
import { AgentRefusal, type AgentService } from "#grading/protocol/agent-service.ts";
import type { CheckOutcome, RunOrder, RunResult } from "#grading/protocol/messages.ts";
import type { FakeProvider } from "#infra/compute/fake/fake-provider.ts";
import type { Random } from "../world/random.ts";
import type { Timeline } from "../world/timeline.ts";
import type { Odds } from "../world/weather.ts";

export interface AgentParts {
  timeline: Timeline;
  random: Random;
  odds: Odds;
  provider: FakeProvider;
  service: AgentService;
  /** While true nothing that an agent calls answers. */
  isDeaf(): boolean;
}

interface Agent {
  machineId: string;
  instanceId: string;
  token: string;
  session: string | null;
  /** Its Kubernetes stands, or it was never told to start one. */
  isWarm: boolean;
  hasOrder: boolean;
  /** It does nothing any more, and its machine stays. */
  isSilent: boolean;
}

const againMs = 5_000;
const secondMs = 1_000;

/** The programs in the machines: they call the worker's real agent service, and break as the odds have it. */
export class Agents {
  readonly #agents = new Map<string, Agent>();
  /** Results that came for an attempt that was over, and were refused. */
  refusedLate = 0;

  constructor(private readonly parts: AgentParts) {}

  /** A machine was made. */
  made(spec: LaunchSpec, instanceId: string): void {
    const { timeline, random, odds } = this.parts;
    const { machineId, userData } = spec;
    const agent: Agent = {
      ...{ machineId, instanceId, token: userData.token, session: null },
      ...{ isWarm: true, hasOrder: false, isSilent: false },
    };
    this.#agents.set(machineId, agent);
    const { share, seconds } = odds.slowBoot;
    const boot = random.between(...(random.chance(share) ? seconds : odds.boot));
    const rate = -Math.log(1 - odds.interruption) / (odds.interruptionMinutes * 60);
    timeline.in((-Math.log(1 - random.next()) / rate) * secondMs, () => this.#interrupt(agent));
    if (!random.chance(odds.neverBoots)) timeline.in(boot * secondMs, () => this.#boot(agent));
  }

  /** Every machine says that it is there; those of the pool ask for a run. */
  async beat(): Promise<void> {
    const { provider, service } = this.parts;
    for (const agent of [...this.#agents.values()]) {
      if (!provider.isAlive(agent.instanceId)) this.#agents.delete(agent.machineId);
      else if (agent.session !== null && !agent.isSilent) {
        const { session } = agent;
        await this.#call(agent, async () => {
          const { cancel } = await service.heartbeat(session, { runId: null, attempt: null } as never);
          if (cancel) this.#powerOff(agent);
          else if (agent.isWarm && !agent.hasOrder) await this.#ask(agent);
        });
      }
    }
  }

  /** A run has taken this machine, whose agent asks all the time. */
  taken(machineId: string): void {
    const agent = this.#agents.get(machineId);
    if (agent?.isWarm && !agent.hasOrder && agent.session !== null)
      this.parts.timeline.in(secondMs, () => this.#call(agent, () => this.#ask(agent)));
  }

  async #boot(agent: Agent): Promise<void> {
    const { timeline, random, service, odds } = this.parts;
    await this.#call(
      agent,
      async () => {
        const { session, warmUp } = await service.openSession(agent.token);
        agent.session = session;
        if (warmUp === null || warmUp.nodes === 0) {
          if (warmUp !== null) await service.reportWarm(session);
          return this.#ask(agent);
        }
        agent.isWarm = false;
        timeline.in(random.between(...odds.kubernetesStart) * secondMs, () => this.#warm(agent, session));
      },
      () => this.#boot(agent),
    );
  }

  async #warm(agent: Agent, session: string): Promise<void> {
    await this.#call(
      agent,
      async () => {
        await this.parts.service.reportWarm(session);
        agent.isWarm = true;
        await this.#ask(agent);
      },
      () => this.#warm(agent, session),
    );
  }

  async #ask(agent: Agent): Promise<void> {
    const { timeline, random, service, provider, odds } = this.parts;
    if (agent.session === null || agent.hasOrder) return;
    const order = await service.nextRun(agent.session);
    if (order === null) return;
    agent.hasOrder = true;
    provider.shortenLease(agent.instanceId, new Date(order.leaseUntil));
    if (random.chance(odds.endless)) return;
    const kubernetes = order.spec.facilities.kubernetes !== undefined;
    const run = random.between(...(kubernetes ? odds.kubernetesRun : odds.engineRun));
    if (random.chance(odds.silent))
      timeline.in(run * 500, () => {
        agent.isSilent = true;
      });
    timeline.in(run * secondMs, () => this.#report(agent, order));
  }

  async #report(agent: Agent, order: RunOrder): Promise<void> {
    await this.#call(
      agent,
      async () => {
        await this.#send(agent, order);
        this.#powerOff(agent);
      },
      () => this.#report(agent, order),
    );
  }

  async #send({ session }: Agent, { runId, attempt, spec }: RunOrder): Promise<void> {
    const checks: CheckOutcome[] = spec.checks.map(({ id, kind, title, points }) => ({
      ...{ id, kind, title, verdict: "passed", fault: null, points, maxPoints: points },
      ...{
        message: { expected: "", happened: "", fix: "" },
        staffOutput: "",
        startedAt: null,
        durationMs: 0,
      },
    }));
    const result = { runId, attempt, outcome: "graded", fault: null, checks } as RunResult;
    await this.parts.service.reportResult(session ?? "", result);
  }

  /** What is on its way at that moment arrives all the same. */
  #interrupt(agent: Agent): void {
    const { provider, timeline, random, odds } = this.parts;
    if (!provider.isAlive(agent.instanceId)) return;
    provider.interrupt(agent.instanceId);
    this.#agents.delete(agent.machineId);
    if (agent.session === null || !agent.hasOrder || !random.chance(odds.lateResult)) return;
    const { session } = agent;
    timeline.in(random.between(1, 90) * secondMs, async () => {
      try {
        const order = await this.parts.service.nextRun(session);
        if (order !== null) await this.#send(agent, order);
      } catch (error) {
        if (!(error instanceof AgentRefusal)) throw error;
        this.refusedLate += 1;
      }
    });
  }

  #powerOff(agent: Agent): void {
    this.parts.provider.powerOff(agent.instanceId);
    this.#agents.delete(agent.machineId);
  }

  /** What a machine that is gone or silent does not do. A refusal means that its work is over. */
  async #call(agent: Agent, call: () => Promise<void>, again?: () => Promise<void>): Promise<void> {
    const { provider, timeline, isDeaf } = this.parts;
    if (agent.isSilent || !provider.isAlive(agent.instanceId)) return;
    if (isDeaf()) {
      if (again !== undefined) timeline.in(againMs, again);
      return;
    }
    try {
      await call();
    } catch (error) {
      if (!(error instanceof AgentRefusal)) throw error;
      this.#powerOff(agent);
    }
  }
}
