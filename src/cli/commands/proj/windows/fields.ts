import type { JsonObject } from "#core/object/index.ts";
import type { WindowSpec } from "#core/windows/index.ts";
import type { FlagValues, Flags } from "../../../command.ts";

const kindFlag = {
  kind: { type: "string", short: "k", choices: ["allow", "deny"], description: "allow or deny" },
} as const satisfies Flags;

const fieldFlags = {
  schedule: { type: "string", value: "CRON", description: 'Start, in cron format, such as "0 22 * * *"' },
  duration: { type: "string", value: "TIME", description: "How long it lasts, such as 1h" },
  "time-zone": {
    type: "string",
    value: "ZONE",
    description: "IANA time zone of the schedule; UTC by default",
  },
  applications: {
    type: "strings",
    value: "GLOB",
    description: "Applications it applies to, comma-separated",
  },
  namespaces: { type: "strings", value: "GLOB", description: "Namespaces it applies to, comma-separated" },
  clusters: { type: "strings", value: "GLOB", description: "Clusters it applies to, comma-separated" },
  "use-and-operator": {
    type: "boolean",
    description: "All of applications, namespaces and clusters must match instead of any",
  },
  description: { type: "string", description: "What it is for" },
} as const satisfies Flags;

/** Flags of `proj windows add`. */
export const addFlags = {
  ...kindFlag,
  ...fieldFlags,
  "manual-sync": { type: "boolean", description: "People may sync in spite of it" },
  "sync-overrun": { type: "boolean", description: "A sync that runs when it begins or ends may go on" },
} as const satisfies Flags;

/** Flags of `proj windows update`. */
export const updateFlags = fieldFlags;

/** The fields that flags set; a list replaces the one that was there. */
export function windowFields(
  given: FlagValues<typeof updateFlags> & Partial<FlagValues<typeof addFlags>>,
): WindowSpec {
  const lists = (["applications", "namespaces", "clusters"] as const).flatMap((name) => {
    const entries = given[name].flatMap((text) => text.split(",")).filter((entry) => entry !== "");
    return entries.length === 0 ? [] : [[name, entries] as const];
  });
  const fields = {
    kind: given.kind,
    schedule: given.schedule,
    duration: given.duration,
    timeZone: given["time-zone"],
    ...Object.fromEntries(lists),
    manualSync: given["manual-sync"],
    syncOverrun: given["sync-overrun"],
    andOperator: given["use-and-operator"],
    description: given.description,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as JsonObject;
}
