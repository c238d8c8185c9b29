/** A machine of the pool that no run has yet. */
export interface IdleMachine {
  id: string;
  /** Of the Kubernetes that it starts before it has a run. */
  nodes: number;
  leaseUntil: Date;
}

/** Why a machine leaves the pool without a run, for staff. */
export const poolReasons = {
  otherNodes: "Runs ask for another number of nodes now.",
  tooOld: "No run took it in its time.",
  tooMany: "The pool has more machines than are wanted.",
  madeRoom: "A run needed its place.",
  stopped: "The worker was stopped.",
} as const;

/** What the next run will most likely ask for: what the last one asked for. */
export interface PoolWish {
  /** Machines that are to wait. */
  size: number;
  nodes: number;
  /** Until when a machine must live that takes such a run now. */
  leaseUntil: Date;
}

export interface PoolPlan {
  retire: { id: string; reason: string }[];
  /** New machines, as far as the fleet has room. */
  launch: number;
}

/**
 * Which machines of the pool end and how many are made. One that could not take the next run is replaced; of too
 * many, those end that live shortest.
 */
export function planPool(idle: IdleMachine[], wish: PoolWish): PoolPlan {
  const retire: PoolPlan["retire"] = [];
  const fit: IdleMachine[] = [];
  for (const machine of idle) {
    if (machine.nodes !== wish.nodes) retire.push({ id: machine.id, reason: poolReasons.otherNodes });
    else if (machine.leaseUntil < wish.leaseUntil)
      retire.push({ id: machine.id, reason: poolReasons.tooOld });
    else fit.push(machine);
  }
  fit.sort((a, b) => b.leaseUntil.getTime() - a.leaseUntil.getTime() || (a.id < b.id ? -1 : 1));
  retire.push(...fit.slice(wish.size).map(({ id }) => ({ id, reason: poolReasons.tooMany })));
  return { retire, launch: Math.max(0, wish.size - fit.length) };
}
