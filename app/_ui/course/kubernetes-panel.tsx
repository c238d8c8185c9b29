import { Fragment } from "react";
import type { KubernetesSettings } from "#grading/machine/facilities/catalogue.ts";
import { Facts, Panel } from "../page/panel.tsx";
import classes from "./exercise-view.module.css";

const securityWords: Record<KubernetesSettings["podSecurity"], string> = {
  baseline: "no privileged containers, nothing of the node's network, processes or folders",
  restricted: "as baseline; besides, not as root, without added capabilities, with seccomp's default profile",
};

/** Where an exercise with a Kubernetes is graded, and what its pods may do. */
export function KubernetesPanel({ spec }: { spec: KubernetesSettings }) {
  const { nodes, namespaces, podSecurity } = spec;
  return (
    <Panel title="Graded in a Kubernetes of its own">
      <Facts
        rows={[
          { name: "Nodes", value: `${nodes}, and a control plane that takes no pods` },
          {
            name: namespaces.length === 1 ? "Namespace" : "Namespaces",
            value: <Namespaces names={namespaces} />,
          },
          {
            name: "Rights",
            value: `all in ${namespaces.length === 1 ? "this namespace" : "these namespaces"}, none elsewhere`,
          },
          {
            name: "Pod Security",
            value: (
              <>
                <span className="mono">{podSecurity}</span>: {securityWords[podSecurity]}
              </>
            ),
          },
        ]}
      />
      <p className={classes.note}>
        Every run starts a new one, without internet; it is gone when the run ends.
      </p>
    </Panel>
  );
}

function Namespaces({ names }: { names: string[] }) {
  return (
    <>
      {names.map((name, index) => (
        <Fragment key={name}>
          {index === 0 ? "" : ", "}
          <span className="mono">{name}</span>
          {index === 0 && names.length > 1 ? " (used when a manifest names none)" : ""}
        </Fragment>
      ))}
    </>
  );
}
