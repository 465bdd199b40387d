import type { Group } from "./tree.ts";

export const image: Group = {
  summary: "Images: which one is the newest, and writing it to files in Git",
  commands: {
    list: {
      summary: "List ImageAutomations",
      load: () => import("../commands/image/list.ts"),
    },
    get: {
      summary: "Show an ImageAutomation",
      load: () => import("../commands/image/get.ts"),
    },
    scan: {
      summary: "Have an ImageAutomation look for new images now",
      load: () => import("../commands/image/scan.ts"),
    },
    suspend: {
      summary: "Stop an ImageAutomation until it is resumed",
      load: () => import("../commands/image/suspend.ts"),
    },
    resume: {
      summary: "Let an ImageAutomation go on",
      load: () => import("../commands/image/resume.ts"),
    },
    latest: {
      summary: "Print the newest image of a repository by a policy",
      load: () => import("../commands/image/latest.ts"),
    },
    update: {
      summary: "Write the newest images by policies to a repository, in one commit",
      load: () => import("../commands/image/update.ts"),
    },
    set: {
      summary: "Write images into manifests, values and kustomizations",
      load: () => import("../commands/image/set.ts"),
    },
  },
};
