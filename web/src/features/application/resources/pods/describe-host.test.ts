import { expect, it } from "vitest";
import { describeHost, describeSystem } from "./describe-host.ts";

it("describeHost says what of a node is asked for by whom, in units that people use", () => {
  const gibi = 1_000 * 1024 ** 3;
  const host = {
    name: "n1",
    resourcesInfo: [
      { resourceName: "cpu", requestedByApp: 1_500, requestedByNeighbors: 200, capacity: 16_000 },
      { resourceName: "memory", requestedByApp: 0.5 * gibi, requestedByNeighbors: 0, capacity: 64 * gibi },
    ],
    systemInfo: { operatingSystem: "linux", architecture: "amd64", kubeletVersion: "v1.34.0" },
  };
  expect(describeHost(host)).toEqual([
    "CPU: 1.5 asked for here and 0.2 by others, of 16",
    "Memory: 512 MiB asked for here and 0 B by others, of 64 GiB",
  ]);
  expect(describeSystem(host)).toBe("linux/amd64, v1.34.0");
  expect([describeHost({ name: "n2" }), describeSystem({ name: "n2" })]).toEqual([[], ""]);
});
