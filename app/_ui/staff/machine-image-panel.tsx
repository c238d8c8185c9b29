import type { MachineImageView } from "#app/_server/queries/machine-images.ts";
import { plural } from "../format.ts";
import { Facts, Panel } from "../page/panel.tsx";
import { ZonedTime, type Zones } from "../time/zoned-time.tsx";

const labels: Record<string, string> = {
  engine: "Docker engine",
  containerd: "containerd",
  runc: "runc",
  kubernetes: "Kubernetes",
  debian: "Debian",
};

/** What a machine is made from, with the versions that a security notice names. */
export function MachineImagePanel({ image, zones }: { image: MachineImageView; zones: Zones }) {
  const age = image.days === 0 ? "made today" : `${plural(image.days, "day")} old`;
  return (
    <>
      <Panel title={image.title} aside={<span className="num">{age}</span>}>
        {image.old ? (
          <p>
            It should have been made anew by now. Runs go on with it; <code>drydock machine refresh</code>{" "}
            tries at once and says what is in the way.
          </p>
        ) : null}
        <Facts
          rows={[
            ...image.versions.map(({ name, version }) => ({ name: labels[name] ?? name, value: version })),
            { name: "Packages of", value: <ZonedTime iso={image.madeAt} zones={zones} /> },
            { name: "Image", value: image.image },
          ]}
        />
      </Panel>
      <br />
    </>
  );
}
