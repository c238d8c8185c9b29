import { kindOf } from "./machine-kind.ts";
import type { EndCode } from "./machine-state.ts";

/** What waits in the pool: the nodes of its Kubernetes are all that tells one such machine from another. */
export const poolKind = kindOf(["kubernetes"]);

/** A machine of the pool that no run has yet. */
export interface IdleMachine {
  id: string;
  /** Of the Kubernetes that it starts before it has a run; 0: it has none and waits with its engine. */
  nodes: number;
  leaseUntil: Date;
}

/** What a run asks of a machine of the pool. */
export type MachineWish = Pick<IdleMachine, "nodes" | "leaseUntil">;

/** The same number of nodes, and a lease that reaches. */
export function fitsRun(machine: MachineWish, wish: MachineWish): boolean {
  return machine.nodes === wish.nodes && machine.leaseUntil >= wish.leaseUntil;
}

export type PoolEnd = Extract<EndCode, "other_nodes" | "too_old" | "too_many" | "made_room" | "stopped">;

/** Why a machine leaves the pool without a run, for staff. */
export const poolReasons: Record<PoolEnd, string> = {
  other_nodes: "Runs ask for another number of nodes now.",
  too_old: "No run took it in its time.",
  too_many: "The pool has more machines than are wanted.",
  made_room: "A run needed its place.",
  stopped: "The worker was stopped.",
};

/** What runs of one exercise asked for lately. */
export interface PoolDemand {
  nodes: number;
  timeoutSeconds: number;
  /** How many runs asked for it. */
  runs: number;
}

/** What the next runs will most likely ask for: what those of a while asked for. */
export interface PoolWish {
  /** Machines that are to wait. */
  size: number;
  /** leaseUntil: until when a machine must live that takes such a run now. At least one. */
  demand: { nodes: number; runs: number; leaseUntil: Date }[];
}

export interface PoolPlan {
  retire: { id: string; code: PoolEnd }[];
  /** New machines, most wanted first, as far as the fleet has room; each lives long enough for every run of its nodes. */
  launch: { nodes: number; leaseUntil: Date }[];
}

/**
 * Which machines of the pool end and which are made. One that fits any run of the while stays, however the exercises
 * take turns: its turn comes again, and a change of machines takes processors from runs that grade. One that fits none
 * is replaced; of too many, those end that live shortest. Free places are shared by how many runs asked.
 */
export function planPool(idle: IdleMachine[], { size, demand }: PoolWish): PoolPlan {
  const retire: PoolPlan["retire"] = [];
  const fit: IdleMachine[] = [];
  for (const machine of idle) {
    const alike = demand.filter(({ nodes }) => nodes === machine.nodes);
    if (alike.length === 0) retire.push({ id: machine.id, code: "other_nodes" });
    else if (alike.every(({ leaseUntil }) => machine.leaseUntil < leaseUntil))
      retire.push({ id: machine.id, code: "too_old" });
    else fit.push(machine);
  }
  fit.sort((a, b) => b.leaseUntil.getTime() - a.leaseUntil.getTime() || (a.id < b.id ? -1 : 1));
  for (const { id } of fit.splice(size)) retire.push({ id, code: "too_many" });
  return { retire, launch: share(fit, size, demand) };
}

/** Each place goes to those of whom the most runs come on a machine (D'Hondt's rule). */
function share(fit: IdleMachine[], size: number, demand: PoolWish["demand"]): PoolPlan["launch"] {
  const shapes = [...new Set(demand.map(({ nodes }) => nodes))]
    .sort((a, b) => a - b)
    .map((nodes) => {
      const alike = demand.filter((one) => one.nodes === nodes);
      return {
        nodes,
        runs: alike.reduce((sum, { runs }) => sum + runs, 0),
        leaseUntil: new Date(Math.max(...alike.map(({ leaseUntil }) => leaseUntil.getTime()))),
        machines: fit.filter((machine) => machine.nodes === nodes).length,
      };
    });
  const launch: PoolPlan["launch"] = [];
  while (fit.length + launch.length < size) {
    const [first, ...others] = shapes;
    if (first === undefined) break;
    const next = others.reduce((best, one) => (pull(one) > pull(best) ? one : best), first);
    next.machines += 1;
    launch.push({ nodes: next.nodes, leaseUntil: next.leaseUntil });
  }
  return launch;
}

const pull = ({ runs, machines }: { runs: number; machines: number }) => runs / (machines + 1);
