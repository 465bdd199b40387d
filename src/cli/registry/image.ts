import type { Group } from "./tree.ts";

export const image: Group = {
  summary: "Images: which one is the newest, and writing it to files in Git",
  commands: {
    latest: {
      summary: "Print the newest image of a repository by a policy",
      load: () => import("../commands/image/latest.ts"),
    },
    set: {
      summary: "Write images into manifests, values and kustomizations",
      load: () => import("../commands/image/set.ts"),
    },
  },
};
