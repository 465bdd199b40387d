import { usageError } from "../../usage-error.ts";
import { entryCommands } from "./change-entries.ts";

const nameFlag = { name: { type: "boolean", description: "The cluster is given by its name" } } as const;

export const source = entryCommands({
  noun: "source",
  words: "repository",
  usage: "URL",
  flags: {},
  entry: ([url = ""]) => url,
  path: ["sourceRepos"],
});

export const sourceNamespace = entryCommands({
  noun: "source-namespace",
  words: "source namespace",
  usage: "NAMESPACE",
  flags: {},
  entry: ([namespace = ""]) => namespace,
  path: ["sourceNamespaces"],
});

export const destination = entryCommands({
  noun: "destination",
  words: "destination",
  usage: "SERVER NAMESPACE",
  flags: nameFlag,
  entry: ([cluster = "", namespace = ""], { name }) => ({
    [name === true ? "name" : "server"]: cluster,
    namespace,
  }),
  path: ["destinations"],
});

export const serviceAccount = entryCommands({
  noun: "destination-service-account",
  words: "service account",
  usage: "SERVER NAMESPACE SERVICE_ACCOUNT",
  flags: {
    "service-account-namespace": {
      type: "string",
      value: "NAME",
      description: "Namespace that the service account is in; the destination's by default",
    },
  },
  entry: ([server = "", namespace = "", account = ""], { "service-account-namespace": of = "" }) => {
    if (account.includes("*")) {
      throw usageError(`service account ${JSON.stringify(account)} is a pattern; name one service account`);
    }
    return { server, namespace, defaultServiceAccount: of === "" ? account : `${of}:${account}` };
  },
  path: ["destinationServiceAccounts"],
});

export const orphanedIgnore = entryCommands({
  noun: "orphaned-ignore",
  words: "kind that may be orphaned",
  usage: "GROUP KIND",
  flags: { name: { type: "string", value: "GLOB", description: "Only objects of this name" } },
  entry: ([group = "", kind = ""], { name = "" }) => ({ group, kind, ...(name === "" ? {} : { name }) }),
  path: ["orphanedResources", "ignore"],
});

export const signatureKey = entryCommands({
  noun: "signature-key",
  words: "key for signatures",
  usage: "KEY-ID",
  flags: {},
  entry: ([keyID = ""]) => ({ keyID }),
  path: ["signatureKeys"],
});
