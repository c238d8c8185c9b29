import type Docker from "dockerode";
import { AppError } from "#course/errors.ts";
import type { Config } from "#infra/config/config.ts";
import { hostAddress, socketAnswers, tcpAnswers } from "./probe.ts";
import type { Uplink } from "./uplink.ts";

/**
 * Finds out by trying how machines of this engine reach this computer; asked once a process. The socket is taken
 * wherever it works, since such a machine needs no network. `folder` is where a folder for machines to mount would
 * lie. Throws AppError no-uplink when no way leads here.
 */
export async function chooseUplink(options: {
  docker: Docker;
  image: string;
  setting: Config["uplink"];
  folder: string;
}): Promise<Uplink> {
  const { docker, image, setting, folder } = options;
  if (setting === "socket") return { kind: "socket" };
  if (setting === "auto" && (await socketAnswers(docker, image, folder))) return { kind: "socket" };
  // An engine on this very system names its bridge's address, which is this computer's and reached by containers
  // only; one in a virtual machine names an address of that, and passes connections on to the loopback here.
  for (const host of [await hostAddress(docker, image), "127.0.0.1"]) {
    if (host !== null && (await tcpAnswers(docker, image, host))) return { kind: "tcp", host };
  }
  throw new AppError({
    code: "no-uplink",
    userMessage:
      "Containers of the Docker engine reach Drydock neither by a socket nor at host.docker.internal: run Drydock on the computer that the engine belongs to, and let its firewall pass connections from containers.",
  });
}
