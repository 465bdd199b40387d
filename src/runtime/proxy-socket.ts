import { connect as connectTcp, isIPv4, isIPv6, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { connected, endpointOf, type Endpoint } from "./socket.ts";

const maxHeadBytes = 16 * 1024;

/** A socket to the target through an HTTP CONNECT (RFC 9110, 9.3.6) or SOCKS5 (RFC 1928, 1929) proxy. */
export async function dialProxy(proxy: URL, target: Endpoint, timeoutMs: number): Promise<Socket> {
  const tcp = connectTcp({ ...endpointOf(proxy), noDelay: true });
  const socket = await connected(tcp, "connect", timeoutMs);
  const timer = setTimeout(() => {
    socket.destroy(Object.assign(new Error("proxy did not answer"), { code: "ETIMEDOUT" }));
  }, timeoutMs);
  try {
    switch (proxy.protocol) {
      case "http:":
        return await connectThrough(socket, proxy, target);
      case "https:":
        return await connectThrough(await overTls(socket, proxy, timeoutMs), proxy, target);
      case "socks5:":
      case "socks5h:":
        return await socksThrough(socket, proxy, target);
      default:
        throw refused(proxy, `has the unknown scheme ${proxy.protocol} use http, https or socks5`);
    }
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function overTls(socket: Socket, proxy: URL, timeoutMs: number): Promise<Socket> {
  const secured = connectTls({ socket, servername: proxy.hostname, ALPNProtocols: ["http/1.1"] });
  return connected(secured, "secureConnect", timeoutMs);
}

async function connectThrough(socket: Socket, proxy: URL, target: Endpoint): Promise<Socket> {
  const authority = isIPv6(target.host) ? `[${target.host}]:${target.port}` : `${target.host}:${target.port}`;
  const login = loginOf(proxy);
  const basic =
    login === undefined
      ? ""
      : `Proxy-Authorization: Basic ${Buffer.from(`${login.user}:${login.password}`).toString("base64")}\r\n`;
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${basic}\r\n`);
  const head = await readUntil(socket, (bytes) => {
    const end = bytes.indexOf("\r\n\r\n");
    return end < 0 ? undefined : end + 4;
  });
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head.toString("latin1"))?.[1];
  if (status !== "200") throw refused(proxy, `refused CONNECT ${authority} with status ${status ?? "none"}`);
  return socket;
}

async function socksThrough(socket: Socket, proxy: URL, target: Endpoint): Promise<Socket> {
  const login = loginOf(proxy);
  socket.write(Buffer.from(login === undefined ? [5, 1, 0] : [5, 2, 0, 2]));
  const method = (await readBytes(socket, 2))[1];
  if (method === 2 && login !== undefined) {
    socket.write(Buffer.concat([Buffer.from([1]), sized(login.user), sized(login.password)]));
    if ((await readBytes(socket, 2))[1] !== 0) throw refused(proxy, "refused the user and password");
  } else if (method !== 0) {
    throw refused(proxy, "wants a login that its URL does not give");
  }
  const port = Buffer.from([target.port >> 8, target.port & 255]);
  socket.write(Buffer.concat([Buffer.from([5, 1, 0]), socksAddress(target.host), port]));
  const reply = await readBytes(socket, 5);
  if (reply[1] !== 0) throw refused(proxy, `could not connect (SOCKS reply ${reply[1] ?? "none"})`);
  // The rest of the bound address, which nobody needs, and its port.
  const rest = { 1: 3, 3: reply[4] ?? 0, 4: 15 }[reply[3] ?? 0] ?? 0;
  await readBytes(socket, rest + 2);
  return socket;
}

function socksAddress(host: string): Buffer {
  if (isIPv4(host)) return Buffer.from([1, ...host.split(".").map(Number)]);
  return Buffer.concat([Buffer.from([3]), sized(host)]);
}

function sized(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

function loginOf(proxy: URL): { readonly user: string; readonly password: string } | undefined {
  if (proxy.username === "") return undefined;
  return { user: decodeURIComponent(proxy.username), password: decodeURIComponent(proxy.password) };
}

function readBytes(socket: Socket, count: number): Promise<Buffer> {
  return readUntil(socket, (bytes) => (bytes.length < count ? undefined : count));
}

/** Reads until `end` finds where the message ends; what follows goes back into the socket. */
async function readUntil(socket: Socket, end: (bytes: Buffer) => number | undefined): Promise<Buffer> {
  let bytes = Buffer.alloc(0);
  for (;;) {
    const at = end(bytes);
    if (at !== undefined) {
      if (at < bytes.length) socket.unshift(bytes.subarray(at));
      return bytes.subarray(0, at);
    }
    if (bytes.length > maxHeadBytes) throw new Error("the proxy's answer is too long");
    bytes = Buffer.concat([bytes, await nextChunk(socket)]);
  }
}

function nextChunk(socket: Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      socket.off("readable", read);
      socket.off("error", failed);
      socket.off("close", closed);
    };
    const read = (): void => {
      const chunk: unknown = socket.read();
      if (!Buffer.isBuffer(chunk)) return;
      stop();
      resolve(chunk);
    };
    const failed = (error: Error): void => {
      stop();
      reject(error);
    };
    const closed = (): void => failed(new Error("the proxy closed the connection"));
    socket.on("readable", read);
    socket.on("error", failed);
    socket.on("close", closed);
    read();
  });
}

function refused(proxy: URL, what: string): Error {
  return new Error(`proxy ${proxy.host} ${what}; check the proxy's URL`);
}
