import { connect as connectTcp, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A wire to a server that can be cut and mended. */
export interface Wire {
  readonly url: string;
  cut(): void;
  mend(): void;
}

export async function startWire(server: string): Promise<Wire> {
  const { hostname, port } = new URL(server);
  const sockets = new Set<Socket>();
  let whole = true;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // A cut wire fails on both ends; the test looks at what the client makes of it.
    socket.on("error", () => socket.destroy());
  };
  const listener = createServer((near) => {
    if (!whole) return void near.destroy();
    const far = connectTcp(Number(port), hostname);
    keep(near);
    keep(far);
    // A reset does not travel along a pipe.
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const cut = (): void => {
    whole = false;
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    cut();
    listener.close();
  });
  const address = listener.address();
  const local = typeof address === "object" && address !== null ? address.port : 0;
  return { url: `https://127.0.0.1:${local}`, cut, mend: () => (whole = true) };
}
