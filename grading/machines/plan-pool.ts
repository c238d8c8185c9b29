import { facilityNames, kindOf, type MachineKind } from "./machine-kind.ts";
import type { EndCode } from "./machine-state.ts";

/** What waits in the pool whatever comes, where it has a size. */
export const poolKind = kindOf(["kubernetes"]);

/** Whether such a machine starts a Kubernetes before it has a run; one that has none waits with its engine. */
export const hasNodes = (machineKind: MachineKind): boolean =>
  facilityNames(machineKind).includes("kubernetes");

/** A machine of the pool that no run has yet. */
export interface IdleMachine {
  id: string;
  machineKind: MachineKind;
  /** Of the Kubernetes that it starts before it has a run; 0: it has none and waits with its engine. */
  nodes: number;
  leaseUntil: Date;
}

/** What a run asks of a machine of the pool. */
export type MachineWish = Pick<IdleMachine, "machineKind" | "nodes" | "leaseUntil">;

/** The same kind with the same number of nodes, and a lease that reaches. */
export function fitsRun(machine: MachineWish, wish: MachineWish): boolean {
  return (
    machine.machineKind === wish.machineKind &&
    machine.nodes === wish.nodes &&
    machine.leaseUntil >= wish.leaseUntil
  );
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

/** What the next runs of one kind of machine will most likely ask for: what those of a while asked for, or what is due. */
export interface PoolWish {
  /** Machines that are to wait. */
  size: number;
  /** leaseUntil: until when a machine must live that takes such a run now. At least one. */
  demand: { nodes: number; runs: number; leaseUntil: Date }[];
}

/** A machine of the one kind that is planned for. */
export type PooledMachine = Omit<IdleMachine, "machineKind">;

export interface PoolPlan {
  retire: { id: string; code: PoolEnd }[];
  /** New machines, most wanted first, as far as the fleet has room; each lives long enough for every run of its nodes. */
  launch: { nodes: number; leaseUntil: Date }[];
}

/**
 * Which machines of the pool end and which are made, all of one kind. One that fits any run of the while stays, however
 * the exercises take turns: its turn comes again, and a change of machines takes processors from runs that grade. One
 * that fits none is replaced; of too many, those end that live shortest, and of these those that are last in the order
 * in which they are taken, which is that of `idle`. Free places are shared by how many runs asked.
 */
export function planPool(idle: readonly PooledMachine[], { size, demand }: PoolWish): PoolPlan {
  const retire: PoolPlan["retire"] = [];
  if (size === 0) return { retire: idle.map(({ id }) => ({ id, code: "too_many" })), launch: [] };
  const fit: PooledMachine[] = [];
  for (const machine of idle) {
    const alike = demand.filter(({ nodes }) => nodes === machine.nodes);
    if (alike.length === 0) retire.push({ id: machine.id, code: "other_nodes" });
    else if (alike.every(({ leaseUntil }) => machine.leaseUntil < leaseUntil))
      retire.push({ id: machine.id, code: "too_old" });
    else fit.push(machine);
  }
  fit.sort((a, b) => b.leaseUntil.getTime() - a.leaseUntil.getTime());
  for (const { id } of fit.splice(size)) retire.push({ id, code: "too_many" });
  return { retire, launch: share(fit, size, demand) };
}

/** Each place goes to those of whom the most runs come on a machine (D'Hondt's rule). */
function share(fit: readonly PooledMachine[], size: number, demand: PoolWish["demand"]): PoolPlan["launch"] {
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
