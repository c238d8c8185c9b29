import type Docker from "dockerode";
import type { KubernetesNode } from "../../checks/kit/kubernetes-cluster.ts";
import { routeServicesVia } from "./cluster-network.ts";
import type { NodePlan } from "./cluster-plan.ts";
import { continueProcesses, stopProcesses } from "./stop-processes.ts";

/**
 * The nodes as checks handle them. The machine's way to Services leads through one node that runs: it is moved before
 * that one is stopped or frozen.
 */
export function createNodes(docker: Docker, plans: readonly [NodePlan, ...NodePlan[]]) {
  const running = new Set(plans);
  let way: NodePlan = plans[0];

  async function leave(plan: NodePlan): Promise<void> {
    running.delete(plan);
    const [other] = running;
    if (way !== plan || other === undefined) return;
    way = other;
    await routeServicesVia(other);
  }
  async function comeBack(plan: NodePlan): Promise<void> {
    running.add(plan);
    if (running.has(way)) return;
    way = plan;
    await routeServicesVia(plan);
  }

  const handle = (plan: NodePlan): KubernetesNode => {
    const container = docker.getContainer(plan.name);
    return {
      name: plan.name,
      address: plan.address,
      async stop() {
        await leave(plan);
        // No warning and no time to tidy up, as when the plug is pulled.
        await container.kill();
        await container.wait();
      },
      async start() {
        await container.start();
        await comeBack(plan);
      },
      async pause() {
        await leave(plan);
        await stopProcesses(docker, plan.name);
      },
      async unpause() {
        await continueProcesses(docker, plan.name);
        await comeBack(plan);
      },
    };
  };
  const [first, ...others] = plans;
  return {
    handles: [handle(first), ...others.map(handle)] as [KubernetesNode, ...KubernetesNode[]],
    /** Names of the containers that run now. */
    running: () => [...running].map(({ name }) => name),
  };
}
