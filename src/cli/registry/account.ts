import type { Group } from "./tree.ts";

export const account: Group = {
  summary: "Local accounts",
  commands: {
    bcrypt: {
      summary: "Print the hash of a password, as argocd-secret keeps it",
      load: () => import("../commands/account/bcrypt.ts"),
    },
    "get-user-info": {
      summary: "Show as whom you are logged in",
      load: () => import("../commands/account/get-user-info.ts"),
    },
    "can-i": {
      summary: "Ask whether you may do something",
      load: () => import("../commands/account/can-i.ts"),
    },
    "update-password": {
      summary: "Change the password of a local account",
      load: () => import("../commands/account/update-password.ts"),
    },
    list: { summary: "List local accounts", load: () => import("../commands/account/list.ts") },
    get: { summary: "Show a local account and its tokens", load: () => import("../commands/account/get.ts") },
    "generate-token": {
      summary: "Make an API token of a local account",
      load: () => import("../commands/account/generate-token.ts"),
    },
    "delete-token": {
      summary: "Take an API token of a local account back",
      load: () => import("../commands/account/delete-token.ts"),
    },
    "session-token": {
      summary: "Print the token of your login",
      load: () => import("../commands/account/session-token.ts"),
    },
  },
};

export const admin: Group = {
  summary: "What the administrator of the control plane does",
  commands: {
    "initial-password": {
      summary: "Print the first password of admin, or make a new one",
      load: () => import("../commands/admin/initial-password.ts"),
    },
    adopt: {
      summary: "Take the place of an installed Argo CD, and show before that it changes no object",
      load: () => import("../commands/admin/adopt.ts"),
    },
    export: {
      summary: "Write a backup of the control plane: settings, credentials, projects and applications",
      load: () => import("../commands/admin/export.ts"),
    },
    import: {
      summary: "Bring a control plane to what a backup has",
      load: () => import("../commands/admin/import.ts"),
    },
    settings: {
      summary: "What the ConfigMaps of the installation say",
      commands: {
        "resource-overrides": {
          summary: "Try what the settings say about kinds on an object in a file",
          commands: {
            health: {
              summary: "Say how healthy an object is by the settings",
              load: () => import("../commands/admin/settings/resource-overrides/health.ts"),
            },
            "ignore-differences": {
              summary: "Show which fields of an object comparisons ignore by the settings",
              load: () => import("../commands/admin/settings/resource-overrides/ignore-differences.ts"),
            },
            "ignore-resource-updates": {
              summary: "Show which fields of an object may change without a comparison",
              load: () => import("../commands/admin/settings/resource-overrides/ignore-resource-updates.ts"),
            },
            "list-actions": {
              summary: "List what the settings let people do with an object",
              load: () => import("../commands/admin/settings/resource-overrides/list-actions.ts"),
            },
            "run-action": {
              summary: "Show what an action would do with an object",
              load: () => import("../commands/admin/settings/resource-overrides/run-action.ts"),
            },
          },
        },
        validate: {
          summary: "Check the settings for mistakes",
          load: () => import("../commands/admin/settings/validate.ts"),
        },
        rbac: {
          summary: "Who may do what",
          commands: {
            can: {
              summary: "Check what a role, user or group may do",
              load: () => import("../commands/admin/settings/rbac/can.ts"),
            },
            validate: {
              summary: "Check an RBAC policy for mistakes",
              load: () => import("../commands/admin/settings/rbac/validate.ts"),
            },
          },
        },
      },
    },
  },
};
