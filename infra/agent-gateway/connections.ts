import type { Socket } from "node:net";

/** Connections that have not shown a session yet. */
const maxStrangers = 64;
/** An agent opens at most 8. */
const maxOfSession = 16;

/**
 * Keeps connections few. Where there are too many the oldest gives way, so that whoever comes next is heard: an agent
 * calls as soon as it is connected, and again when it is cut off.
 */
export class Connections {
  readonly #strangers = new Set<Socket>();
  readonly #known = new Map<string, Set<Socket>>();

  opened(socket: Socket): void {
    add(this.#strangers, socket, maxStrangers);
    socket.once("close", () => this.#strangers.delete(socket));
  }

  /** The connection carried a session that is one. */
  belongsTo(session: string, socket: Socket): void {
    if (!this.#strangers.delete(socket)) return;
    const own = this.#known.get(session) ?? new Set();
    this.#known.set(session, own);
    add(own, socket, maxOfSession);
    socket.once("close", () => {
      own.delete(socket);
      if (own.size === 0 && this.#known.get(session) === own) this.#known.delete(session);
    });
  }
}

function add(sockets: Set<Socket>, socket: Socket, max: number): void {
  sockets.add(socket);
  const [oldest] = sockets;
  if (sockets.size > max) oldest?.destroy();
}
