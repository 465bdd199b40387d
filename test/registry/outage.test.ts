import { describe, expect, it } from "vitest";
import {
  chartOf,
  packChart,
  publishCharts,
  startDockerRegistry,
  startWebServer,
} from "#test/registry-servers/index.ts";
import { createDirectory, helm, now, oci, signal, startTestRegistry, textsOf } from "./fixture.ts";

const files = { "templates/a.yaml": "a: 1\n" };
const web = { name: "web", version: "1.*" };
const orKnown = { ...now, orKnown: true };

describe("after a restart, while a repository cannot be reached", () => {
  it("a chart of a Helm repository is still known by its range and opened, for those alone who could before", async () => {
    const directory = await createDirectory();
    const server = await startWebServer();
    publishCharts(server, "/charts", [{ name: "web", version: "1.2.0", files }]);
    const access = helm(`${server.url}/charts`);
    const before = await startTestRegistry({ directory });
    const chart = await before.resolveChart(access, web, now);
    await before.openChart(access, chart, signal);
    await before[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();

    const after = await startTestRegistry({ directory });
    const refused = { code: "CHART_UNREACHABLE" };
    await expect(after.resolveChart(access, web, now)).rejects.toMatchObject(refused);
    expect(await after.resolveChart(access, web, orKnown)).toEqual(chart);
    expect(await textsOf(await after.openChart(access, chart, signal))).toMatchObject(files);
    const other = helm(access.url, { credentials: { kind: "basic", username: "eve", password: "p" } });
    await expect(after.resolveChart(other, web, orKnown)).rejects.toMatchObject(refused);
  });

  it("a chart of a registry, too", async () => {
    const directory = await createDirectory();
    const registry = await startDockerRegistry({ directory: await createDirectory() });
    await registry.push("charts/web", "1.2.0", chartOf(packChart("web", "1.2.0", files)));
    const access = oci(`${registry.host}/charts`);
    const before = await startTestRegistry({ directory });
    const chart = await before.resolveChart(access, web, now);
    await before.openChart(access, chart, signal);
    await before[Symbol.asyncDispose]();
    await registry[Symbol.asyncDispose]();

    const after = await startTestRegistry({ directory });
    await expect(after.resolveChart(access, web, now)).rejects.toMatchObject({ code: "CHART_UNREACHABLE" });
    expect(await after.resolveChart(access, web, orKnown)).toEqual(chart);
    expect(await textsOf(await after.openChart(access, chart, signal))).toMatchObject(files);
  });
});
