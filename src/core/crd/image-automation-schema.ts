import { array, boolean, integer, object, openObject, required, string, time } from "./schema.ts";

/** The group of Mooring's own kinds. */
export const mooringGroup = "mooring.dev";

const secretRef = (description: string) =>
  object({ name: required(string()) }, `${description}; labelled mooring.dev/secret-type: image-automation`);

const proposalSchema = object(
  {
    forge: required(string("github, gitlab or gitea, which is Forgejo, too")),
    apiURL: string("API of the forge, such as https://gitlab.example.com/api/v4; GitHub's own unless told"),
    repository: string("OWNER/NAME, or a project's id or path; that of repoURL unless told"),
    secretRef: required(secretRef("Secret of the same namespace with the forge's token under token")),
    grouping: string("one pull request for all images, or each image its own; one unless told"),
    branch: string("Template of the pushed branch", { maxLength: 1_024 }),
    title: string("Template of the title", { maxLength: 1_024 }),
  },
  "Ask for changes to be merged, in place of writing to the branch",
);

const gitSchema = object(
  {
    repoURL: required(string("Repository that is read and written", { minLength: 1 })),
    branch: string("Branch to read and, unless told otherwise, to write; main unless told"),
    pushBranch: string("Branch that gets the commits; branch unless told"),
    paths: array(string(), "Files and directories that are looked into; everything unless told"),
    author: object({ name: string(), email: string() }, "Who writes the commits"),
    message: string("Template of what commits say", { maxLength: 16_384 }),
    signingKeySecretRef: secretRef(
      "Secret of the same namespace with a PGP or SSH private key under key, and a PGP key's passphrase under passphrase",
    ),
    proposal: proposalSchema,
  },
  "Write to a Git repository",
);

const imageSchema = object({
  image: required(string("Name without tag and digest, such as ghcr.io/acme/web", { minLength: 1 })),
  semver: string("The highest version in this range"),
  numerical: string("The greatest (asc) or smallest (desc) number"),
  alphabetical: string("The last (asc) or first (desc) in the alphabet"),
  newestBuild: boolean("The image that was built last, as its configuration says"),
  platform: string("Such as linux/arm64: of an image for several, the one whose time of building counts", {
    maxLength: 100,
  }),
  filterTags: object(
    {
      pattern: string("Expression of RE2 that a tag must match", { maxLength: 1_024 }),
      extract: string("What of a tag is compared", { maxLength: 1_024 }),
    },
    "Which tags count, and what of them",
  ),
  digest: boolean("The digest goes behind the tag"),
  policy: string("By which markers name it"),
  verify: object(
    {
      cosign: required(
        object(
          {
            keys: array(string(), "Public keys in PEM, of which one must have signed"),
            secretRef: secretRef("Secret of the same namespace whose values are public keys in PEM"),
          },
          "Signatures by cosign with keys",
        ),
      ),
    },
    "Only what is signed is written, with its digest",
  ),
  helm: object(
    {
      image: string("Parameter of an Application that gets the name; image.name unless told"),
      tag: string("Parameter of an Application that gets tag and digest; image.tag unless told"),
    },
    "Parameters of the Application's chart",
  ),
});

export const imageAutomationSpecSchema = object(
  {
    project: string("AppProject that permits the repository; default unless told"),
    interval: string("How often registries are asked, at least 30s; 5m unless told"),
    suspend: boolean("Nothing is asked or written"),
    registrySecretRef: secretRef(
      "Secret of the same namespace with logins: .dockerconfigjson, or username and password",
    ),
    git: gitSchema,
    applicationRef: object(
      { name: required(string()) },
      "Write to an Application of the same namespace and project in place of Git",
    ),
    images: required(array(imageSchema, "Images that are kept new")),
  },
  "Which images are kept new, and where they are written",
);

const conditionSchema = object({
  type: required(string()),
  status: required(string()),
  reason: required(string()),
  message: required(string()),
  observedGeneration: integer(),
  lastTransitionTime: required(time()),
});

export const imageAutomationStatusSchema = object(
  {
    observedGeneration: integer(),
    conditions: array(conditionSchema),
    images: array(
      object({
        image: required(string()),
        policy: string(),
        tag: string("The newest that the policy wants"),
        digest: string(),
        lastScan: time("When the registry last told"),
        problem: string("Why it is not known or not written"),
      }),
    ),
    imageCount: integer(),
    lastCommit: string(),
    lastCommitTime: time(),
    proposals: array(
      object({ branch: required(string()), change: required(string()), url: required(string()) }),
      "Pull requests that were asked for",
    ),
    lastScan: time(),
    nextScan: time(),
    scanned: string("The annotation mooring.dev/scan that was last acted on"),
    guard: object(
      {
        generation: integer(),
        resumed: string("The annotation mooring.dev/resume that was last acted on"),
        stopped: boolean(),
        writes: array(
          object({ change: required(string()), commit: required(string()), time: required(time()) }),
        ),
      },
      "What was written lately, to know a change that somebody takes back",
    ),
  },
  "What the controller found and did",
);

export const imageAutomationSchema = openObject({
  spec: required(imageAutomationSpecSchema),
  status: imageAutomationStatusSchema,
});
