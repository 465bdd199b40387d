import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { expect, it } from "vitest";
import { silentLog } from "#runtime/log.ts";
import { defaultHealthAddress, startHealthPort } from "./health-port.ts";

it("answers /healthz and nothing else", async () => {
  await using health = await startHealthPort("127.0.0.1:0", silentLog);
  const answerTo = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`http://127.0.0.1:${health.port}${path}`, init);
    return [response.status, await response.text()];
  };
  const elsewhere = [404, "only /healthz is here\n"];
  expect(await answerTo("/healthz")).toEqual([200, "ok\n"]);
  expect(await answerTo("/healthz", { method: "HEAD" })).toEqual([200, ""]);
  expect(await answerTo("/healthz", { method: "POST", body: "x" })).toEqual(elsewhere);
  expect(await answerTo("/metrics")).toEqual(elsewhere);
});

it("names the flag where the address is none, or is taken", async () => {
  await expect(startHealthPort("here", silentLog)).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message:
      '--health-address is "here"; give HOST:PORT, where the kubelet asks for /healthz, with port 0 for any free one',
  });
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  await expect(startHealthPort(`127.0.0.1:${port}`, silentLog)).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: expect.stringContaining("give another with --health-address HOST:PORT") as string,
  });
  other.close();
});

it.for([
  [{ POD_IP: "10.0.0.7" }, "10.0.0.7:8082"],
  [{ POD_IP: "fd00::7" }, "[fd00::7]:8082"],
  [{ POD_IP: "" }, undefined],
  [{}, undefined],
] as const)("listens in a pod alone, where the manifests ask: %j", ([env, address]) => {
  expect(defaultHealthAddress(env)).toBe(address);
});
