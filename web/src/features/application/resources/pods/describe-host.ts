import { formatBytes } from "../../../../lib/format.ts";
import type { Host } from "../use-resources.ts";

type HostResource = NonNullable<Host["resourcesInfo"]>[number];

const titles: Readonly<Record<string, string>> = { cpu: "CPU", memory: "Memory", storage: "Storage" };

/** What is asked for on a node, such as `CPU: 1.5 of 16, 0.2 by others`. */
export function describeHost({ resourcesInfo = [] }: Host): readonly string[] {
  return resourcesInfo.map((resource) => {
    const { resourceName = "", requestedByApp = 0, requestedByNeighbors = 0, capacity = 0 } = resource;
    const [own, others, all] = [requestedByApp, requestedByNeighbors, capacity].map((milli) =>
      formatAmount(resource, milli),
    );
    return `${titles[resourceName] ?? resourceName}: ${own} asked for here and ${others} by others, of ${all}`;
  });
}

function formatAmount({ resourceName }: HostResource, milli: number): string {
  if (resourceName === "cpu") return (milli / 1_000).toLocaleString("en", { maximumFractionDigits: 2 });
  return formatBytes(milli / 1_000);
}

/** `linux/amd64, v1.34.0`. */
export function describeSystem({ systemInfo = {} }: Host): string {
  const { operatingSystem = "", architecture = "", kubeletVersion = "" } = systemInfo;
  return [[operatingSystem, architecture].filter((one) => one !== "").join("/"), kubeletVersion]
    .filter((one) => one !== "")
    .join(", ");
}
