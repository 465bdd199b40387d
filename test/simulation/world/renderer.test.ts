import { describeRenderer } from "#test/contracts/renderer.ts";
import { createVirtualClock } from "../time/virtual-clock.ts";
import { createRenderer } from "./renderer.ts";

const configMap = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;

describeRenderer("simulated", {
  start: async () => createRenderer({ clock: createVirtualClock(0) }),
  source: { tool: "directory", recurse: true, include: "", exclude: "" },
  sourceType: "Directory",
  filesFor: (names) => Object.fromEntries(names.map((name) => [`${name}.yaml`, configMap(name)])),
  brokenFiles: { "a.yaml": `${configMap("a")}broken` },
});
