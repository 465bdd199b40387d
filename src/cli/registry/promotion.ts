import type { Group, Leaf } from "./tree.ts";

export const pipeline: Group = {
  summary: "Pipelines: stages, and what brings a revision from one to the next",
  commands: {
    list: {
      summary: "List pipelines, with the revision of each stage",
      load: () => import("../commands/pipeline/list.ts"),
    },
    get: {
      summary: "Show what is in each stage of a pipeline, what comes next, and what it waits for",
      load: () => import("../commands/pipeline/get.ts"),
    },
    create: { summary: "Create pipelines from a file", load: () => import("../commands/pipeline/create.ts") },
    apply: {
      summary: "Create pipelines from a file, or change them to what it says",
      load: () => import("../commands/pipeline/apply.ts"),
    },
    delete: {
      summary: "Delete a pipeline with its promotions",
      load: () => import("../commands/pipeline/delete.ts"),
    },
    watch: {
      summary: "Print pipelines, and again whenever they change",
      load: () => import("../commands/pipeline/watch.ts"),
    },
    hold: {
      summary: "Stop automation of a stage until it is resumed",
      load: () => import("../commands/pipeline/hold.ts"),
    },
    resume: {
      summary: "Let automation of a stage go on",
      load: () => import("../commands/pipeline/resume.ts"),
    },
    refresh: {
      summary: "Have the branches of a pipeline read now",
      load: () => import("../commands/pipeline/refresh.ts"),
    },
    validate: {
      summary: "Say whether the pipelines of a file make sense",
      load: () => import("../commands/pipeline/validate.ts"),
    },
  },
};

export const promotion: Group = {
  summary: "Promotions: single steps of a revision to a stage",
  commands: {
    list: { summary: "List promotions, newest first", load: () => import("../commands/promotion/list.ts") },
    get: {
      summary: "Show a promotion: what it waits for, who approved, what it changes",
      load: () => import("../commands/promotion/get.ts"),
    },
    plan: {
      summary: "Show what a promotion would change, and the digest that approvals name",
      load: () => import("../commands/promotion/plan.ts"),
    },
    approve: {
      summary: "Approve exactly what a promotion would change",
      load: () => import("../commands/promotion/approve.ts"),
    },
    reject: {
      summary: "Refuse a promotion that is not written yet",
      load: () => import("../commands/promotion/reject.ts"),
    },
    "break-glass": {
      summary: "Let a promotion through without asking its gates",
      load: () => import("../commands/promotion/break-glass.ts"),
    },
    wait: {
      summary: "Wait for the end of promotions, and tell what becomes of them",
      load: () => import("../commands/promotion/wait.ts"),
    },
  },
};

export const promote: Leaf = {
  summary: "Bring a revision to a stage of a pipeline",
  load: () => import("../commands/promote.ts"),
};

export const rollback: Leaf = {
  summary: "Bring back what a stage of a pipeline held before",
  load: () => import("../commands/rollback.ts"),
};
