import { packChart, sha256 } from "./pack.ts";
import type { WebServer } from "./web-server.ts";

export interface PublishedChart {
  readonly name: string;
  readonly version: string;
  readonly files?: Readonly<Record<string, string>>;
  /** Instead of one relative URL. */
  readonly urls?: readonly string[];
  /** Instead of the right one; empty for none. */
  readonly digest?: string;
}

/** Publishes charts in a Helm repository below a path: an index and their archives. */
export function publishCharts(server: WebServer, path: string, charts: readonly PublishedChart[]): void {
  const names = [...new Set(charts.map(({ name }) => name))];
  const entries = names.map((name) => {
    const versions = charts
      .filter((chart) => chart.name === name)
      .map((chart) => publish(server, path, chart));
    return `  ${name}:\n${versions.join("")}`;
  });
  server.set(
    `${path}/index.yaml`,
    `apiVersion: v1\nentries:\n${entries.join("")}generated: "2026-01-01T00:00:00Z"\n`,
  );
}

function publish(server: WebServer, path: string, chart: PublishedChart): string {
  const { name, version, files, urls = [`${name}-${version}.tgz`] } = chart;
  const archive = packChart(name, version, files);
  server.set(`${path}/${name}-${version}.tgz`, archive);
  const digest = chart.digest ?? sha256(archive);
  const lines = [`name: ${name}`, `version: ${version}`, `urls: ${JSON.stringify(urls)}`];
  if (digest !== "") lines.push(`digest: ${digest}`);
  return `  - ${lines.join("\n    ")}\n`;
}
