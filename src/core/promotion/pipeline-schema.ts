import {
  anyObject,
  array,
  boolean,
  choice,
  integer,
  object,
  required,
  string,
  time,
} from "#core/crd/schema.ts";

const secretKey = object({
  name: required(
    string("A Secret in the namespace of the object, with the label mooring.dev/secret-type: promotion"),
  ),
  key: required(string("Which of its values")),
});

const windowSchema = object({
  kind: required(choice(["allow", "deny"], { enforced: true })),
  schedule: required(string("Start, as a cron expression")),
  duration: required(string("How long it lasts, such as 1h")),
  timeZone: string("IANA time zone of the schedule; UTC by default"),
});

/** Of one entry exactly one field besides `name` and `timeout` is there. */
const gateSchema = object({
  name: string("What the status and people call it; its kind by default"),
  timeout: string("After which the promotion fails, such as 4h; 24h by default"),
  soak: string("How long the revision has to have been healthy in the stages before, such as 30m"),
  approvals: object(
    {
      required: integer("How many; 1 by default"),
      groups: array(
        string(),
        "Groups whose members may approve; everyone with the right when neither is there",
      ),
      users: array(string(), "People who may approve"),
      rollbacks: choice(["required", "waived"], {
        enforced: true,
        otherwise: "required",
        description: "Whether a rollback to what was approved before asks again",
      }),
    },
    "People who agree; whoever asked for it and the authors of its commits do not count",
  ),
  window: windowSchema,
  commitStatus: object(
    { context: required(string("Such as ci/e2e; of the revision that is promoted")) },
    "What others say of the commit",
  ),
  webhook: object(
    {
      url: required(string("Is sent what is promoted, and answers with {passed, message}")),
      secretRef: secretKey,
    },
    "Another system that agrees",
  ),
  prometheus: object(
    {
      url: required(string("Such as https://prometheus.example.com")),
      query: required(string("PromQL; with $revision, $stage and $pipeline")),
      condition: required(string("CEL over result, such as result < 0.01")),
      tokenSecretRef: secretKey,
      interval: string("Between two measurements; 1m by default"),
      count: integer("How many measurements must agree one after another; 1 by default"),
      failures: integer("How many may disagree before the gate fails; 0 by default"),
    },
    "What is measured",
  ),
  job: object(
    {
      namespace: string("Where it runs on the hub; the namespace of the Pipeline by default"),
      spec: required(anyObject("spec of a Job")),
    },
    "What has to run to its end",
  ),
});

const writeSchema = object(
  {
    by: choice(["fast-forward", "merge", "copy"], {
      enforced: true,
      description: "fast-forward by default for a branch, copy for a folder or another repository",
    }),
    keep: array(string(), "copy: globs below the folder that are the environment's own"),
    pullRequest: object(
      {
        branch: string("Of the proposal; mooring/PIPELINE/STAGE by default"),
        title: string("With $pipeline, $stage and $revision"),
        labels: array(string()),
        merge: choice(["mooring", "people"], {
          enforced: true,
          otherwise: "mooring",
          description: "Who merges it once the gates let it through",
        }),
      },
      "Propose it instead of pushing",
    ),
  },
  "How a revision gets into the stage",
);

const stageSchema = object({
  name: required(
    string(undefined, { minLength: 1, maxLength: 50, pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$" }),
  ),
  repoURL: string("The Pipeline's by default"),
  branch: required(string("Which branch the environment is on", { minLength: 1, maxLength: 255 })),
  path: string("Which folder of it; all of it by default"),
  applications: required(array(string(), "NAME or NAMESPACE/NAME of Applications")),
  after: array(string(), "Stages whose revision it takes; the one before in the list by default"),
  promote: choice(["manual", "auto"], { enforced: true, otherwise: "manual" }),
  take: choice(["newest", "each"], {
    enforced: true,
    otherwise: "newest",
    description: "Whether auto skips revisions that a newer one has overtaken",
  }),
  write: writeSchema,
  gates: array(gateSchema, "What has to agree before it is written and synced"),
  verification: array(
    gateSchema,
    "What has to agree after it was applied: soak, webhook, prometheus and job",
  ),
  deadline: string("How long its Applications may take to be Synced and Healthy; 15m by default"),
  onFailure: choice(["hold", "rollback"], { enforced: true, otherwise: "hold" }),
});

export const pipelineSpecSchema = object(
  {
    project: string("AppProject; default by default"),
    repoURL: required(string("Repository of the stages", { minLength: 1 })),
    interval: string("How often its branches are asked for; 1m by default"),
    suspend: boolean("Nothing is promoted, and what is deployed stays"),
    historyLimit: integer("How many ended promotions of a stage are kept; 20 by default"),
    author: object({ name: string(), email: string() }, "Of the commits"),
    signingKeySecretRef: object({
      name: required(string()),
      key: required(string()),
      passphraseKey: string(),
    }),
    forge: object(
      {
        kind: required(choice(["github", "gitlab", "gitea"], { enforced: true })),
        apiURL: string("Of the host of repoURL by default"),
        tokenSecretRef: required(secretKey),
      },
      "For pull requests and commit statuses",
    ),
    freezes: array(
      object({
        name: required(string()),
        reason: string(),
        stages: array(string(), "All of them by default"),
        from: time(),
        until: time(),
        schedule: string("Instead of from: cron expression"),
        duration: string("Of schedule"),
        timeZone: string("Of schedule"),
      }),
      "Times in which nothing new is promoted or synced",
    ),
    stages: required(array(stageSchema)),
  },
  "How revisions get from one environment to the next",
);

const person = object({ username: required(string()), groups: array(string()) });
const gateState = object({
  name: required(string()),
  kind: required(string()),
  state: required(choice(["Waiting", "Passed", "Failed", "Bypassed"])),
  message: string(),
  since: time(),
  notes: string("What the gate keeps between two looks, such as measurements"),
  digest: string("Of the plan that it was asked about: of another one it is asked again"),
});

const appState = object({
  name: required(string()),
  namespace: required(string()),
  sync: string(),
  health: string(),
  revision: string(),
});

export const pipelineStatusSchema = object({
  observedGeneration: integer(),
  message: string("What is wrong, and what to do"),
  conditions: array(anyObject()),
  askedAt: time("When its branches were asked for last"),
  stages: array(
    object({
      name: required(string()),
      tip: string("Commit of the branch"),
      content: string("Object id of what the stage holds"),
      baseline: string("Object id of what it held before anything was promoted or pushed to it"),
      revision: string("Of the first stage, which the content corresponds to"),
      promotion: string("Which brought it there"),
      since: time(),
      health: choice(["Healthy", "Progressing", "Degraded", "Unknown"]),
      healthySince: time(),
      verified: boolean("Healthy, and its verification agreed: what comes after may take it"),
      verification: array(gateState, "Of a stage whose content no promotion brought"),
      passed: array(
        object({
          revision: required(string()),
          at: required(time()),
          since: time("Healthy there since"),
          until: time("When it ceased to be"),
        }),
        "Revisions that it has verified, newest first, the last twenty",
      ),
      problem: string("What is wrong with the stage, and what to do"),
      applications: array(appState),
      candidate: object({
        revision: required(string()),
        subject: string(),
        author: string(),
        since: time(),
        commits: integer("How many it brings"),
        waitsFor: string("Why it is not promoted, and what ends that"),
      }),
      hold: object({
        revisions: required(array(string())),
        promotion: string("Which was rolled back"),
        by: required(string()),
        reason: required(string()),
        since: required(time()),
      }),
      frozen: string("By which freeze, until when"),
      active: string("Promotion that is under way"),
    }),
  ),
});

export const promotionSpecSchema = object(
  {
    pipeline: required(string()),
    stage: required(string()),
    kind: required(choice(["Promote", "Rollback"], { enforced: true })),
    cause: required(choice(["Person", "Automation", "Git", "Failure"], { enforced: true })),
    revision: required(
      string("Commit upstream whose content the stage gets", { minLength: 40, maxLength: 64 }),
    ),
    rollbackTo: string("Promotion whose content comes back; empty for what was there before the first"),
    release: string(
      "Promotions of the same release are written together or not at all, and rolled back together",
    ),
    attempt: integer("1 for the first of this revision"),
    requestedBy: required(person),
    requestedAt: required(time()),
    reason: string(undefined, { maxLength: 1024 }),
  },
  "One step of one stage; never changes",
);

export const promotionPhases = [
  "Pending",
  "Waiting",
  "Writing",
  "Proposed",
  "Applying",
  "Verifying",
  "Succeeded",
  "Failed",
  "Refused",
  "Superseded",
  "RolledBack",
] as const;

export const promotionStatusSchema = object({
  phase: choice(promotionPhases),
  message: string("What is waited for since when, or how it ended, and what to do"),
  startedAt: time(),
  finishedAt: time(),
  base: string("Tip of the branch that the commit was made for"),
  commit: string("What is, or will be, pushed"),
  commitDate: time("Which the commit has; the same inputs give the same id"),
  commits: array(
    object({ commit: required(string()), author: string(), email: string(), subject: string(), at: time() }),
    "What it brings, newest first, the first fifty",
  ),
  authors: array(
    object({ name: string(), email: string() }),
    "Of all commits that it brings, each once, at most two hundred; their approvals do not count",
  ),
  authorsCut: boolean("There are more authors, or more commits than are read"),
  plan: object({
    digest: required(string("Over what each application would render to; approvals name it")),
    applications: required(
      array(
        object({
          namespace: required(string()),
          name: required(string()),
          digest: required(string()),
          summary: string("Such as 2 to change, 1 to create"),
          problem: string("Why it could not be rendered or compared"),
        }),
      ),
    ),
  }),
  gates: array(gateState),
  approvals: array(
    object({
      username: required(string()),
      groups: array(string()),
      at: required(time()),
      aliases: array(string(), "What else they were called when they approved, such as an address"),
      digest: required(string()),
      comment: string(undefined, { maxLength: 1024 }),
    }),
  ),
  breakGlass: object({
    username: required(string()),
    at: required(time()),
    reason: required(string(undefined, { minLength: 1, maxLength: 1024 })),
    digest: string("Of the plan that is let through: another one asks its gates again"),
  }),
  rejection: object({ username: required(string()), at: required(time()), reason: required(string()) }),
  proposal: object({ number: required(integer()), url: required(string()) }),
  writtenAt: time(),
  deadline: object(
    {
      since: required(time("From when it counts; what a freeze takes is added")),
      stoppedAt: time("Since when it stands still"),
    },
    "While its applications are not all Synced and Healthy",
  ),
  applications: array(
    object({ namespace: required(string()), name: required(string()), appliedAt: time(), healthyAt: time() }),
  ),
  verification: array(gateState),
  rolledBackBy: string("Promotion that took it back"),
});

export const pipelineSchema = object({ spec: required(pipelineSpecSchema), status: pipelineStatusSchema });
export const promotionSchema = object({ spec: required(promotionSpecSchema), status: promotionStatusSchema });
