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
  /** Those in a handshake, by where they come from: no two open ones come from one address and port. */
  readonly #handshakes = new Map<string, Socket>();

  opened(socket: Socket): void {
    add(this.#strangers, socket, maxStrangers);
    const from = sourceOf(socket);
    this.#handshakes.set(from, socket);
    socket.once("close", () => {
      this.#strangers.delete(socket);
      if (this.#handshakes.get(from) === socket) this.#handshakes.delete(from);
    });
  }

  /** The handshake on a connection is over: calls come by `secure`, which stands for it from now on. */
  secured(secure: Socket): void {
    const below = this.#handshakes.get(sourceOf(secure));
    if (below === undefined || !this.#strangers.delete(below)) return;
    add(this.#strangers, secure, maxStrangers);
    secure.once("close", () => this.#strangers.delete(secure));
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

const sourceOf = ({ remoteAddress, remotePort }: Socket) => `${remoteAddress} ${remotePort}`;

function add(sockets: Set<Socket>, socket: Socket, max: number): void {
  sockets.add(socket);
  const [oldest] = sockets;
  if (sockets.size > max) oldest?.destroy();
}
