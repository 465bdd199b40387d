import { randomInt } from "node:crypto";
import { createServer } from "node:net";

// Below the ranges from which kernels take the local ports of outgoing connections: while an API
// server restarts, a client that dials such a port could be given the port itself and block it.
const firstPort = 20_000;
const lastPort = 32_000;
const attempts = 50;

/** Different ports of 127.0.0.1 on which nothing listens. Another process may still take one. */
export async function findFreePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  for (let attempt = 0; ports.size < count; attempt++) {
    if (attempt > count + attempts) {
      throw new Error(
        `127.0.0.1: no free port found between ${firstPort} and ${lastPort}; end what listens there`,
      );
    }
    const port = randomInt(firstPort, lastPort);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });
}
