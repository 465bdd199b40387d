import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { startHostileProvider } from "#test/auth/identity-provider.ts";
import { createEgress } from "./egress.ts";

const question = { method: "GET", headers: {}, body: undefined, signal: new AbortController().signal };

/** A proxy that notes where it was asked to connect to. */
async function startProxy(): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const proxy = createServer();
  proxy.on("connect", (request, socket) => {
    asked.push(request.url ?? "");
    const [host = "", port = ""] = (request.url ?? "").split(":");
    const target = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      target.pipe(socket).pipe(target);
    });
    const end = () => {
      target.destroy();
      socket.destroy();
    };
    target.on("error", end);
    socket.on("error", end);
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked };
}

it("goes through the environment's proxy, unless the host is exempt", async () => {
  const provider = await startHostileProvider((_path, _issuer, response) => void response.end("hello"));
  const proxy = await startProxy();
  const host = new URL(provider.issuer).host;
  const base = { rootCa: provider.ca, skipsTlsVerification: false };
  for (const [environment, asked] of [
    [{ HTTPS_PROXY: proxy.url }, [host]],
    [{ HTTPS_PROXY: proxy.url, NO_PROXY: "localhost" }, []],
    [{}, []],
  ] as const) {
    proxy.asked.length = 0;
    using egress = createEgress({ ...base, environment });
    expect(await (await egress(`${provider.issuer}/x`, question)).text()).toBe("hello");
    expect(proxy.asked).toEqual(asked);
  }
});

it("ends with the signal, and says what does not answer", async () => {
  const provider = await startHostileProvider(() => undefined);
  using egress = createEgress({ rootCa: provider.ca, skipsTlsVerification: false, environment: {} });
  const stop = new AbortController();
  const asking = egress(`${provider.issuer}/x`, { ...question, signal: stop.signal });
  await expect.poll(() => provider.asked).toEqual(["/x"]);
  stop.abort();
  await expect(asking).rejects.toMatchObject({ name: "AbortError" });
  await expect(egress("https://localhost:1/x", question)).rejects.toMatchObject({
    code: "API_SSO_UNREACHABLE",
    message: expect.stringContaining("identity provider localhost:1: does not answer") as string,
  });
});
