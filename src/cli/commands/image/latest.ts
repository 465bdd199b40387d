import { MooringError } from "#core/errors/index.ts";
import type { TagOrder, TagPolicy } from "#core/images/index.ts";
import { formatImage, parseImage } from "#core/images/index.ts";
import type { RegistryAccess } from "#core/repo/index.ts";
import { chooseTag } from "#engine/images/choose-tag.ts";
import type { Flags, FlagValues } from "../../command.ts";
import { defineCommand } from "../../command.ts";
import type { AccessTo } from "../../images/registry-access.ts";
import { openRegistryAccess, registryFlags } from "../../images/registry-access.ts";
import { printValue } from "../../output/print-value.ts";
import type { CliPorts } from "../../ports.ts";
import { usageError } from "../../usage-error.ts";

const flags = {
  semver: {
    type: "string",
    value: "RANGE",
    description: 'The highest version in a range, such as ">=1.2 <2"; the default is any release',
  },
  numerical: {
    type: "string",
    choices: ["asc", "desc"],
    description: "The greatest number (asc) or the least (desc)",
  },
  alphabetical: {
    type: "string",
    choices: ["asc", "desc"],
    description: "The last in the alphabet (asc) or the first (desc)",
  },
  "filter-tags": {
    type: "string",
    value: "PATTERN",
    description: "Only tags in which this regular expression (RE2) is found",
  },
  extract: {
    type: "string",
    value: "TEMPLATE",
    description: "What of a tag is put in order, from groups of the pattern: $ts, ${ts}, $1",
  },
  digest: { type: "boolean", description: "Print the digest behind the tag" },
  ...registryFlags,
  output: {
    type: "string",
    short: "o",
    choices: ["name", "tag", "json", "yaml"],
    description: "Output format",
  },
} as const satisfies Flags;

type Values = FlagValues<typeof flags>;

export const command = defineCommand({
  name: "image latest",
  summary: "Print the newest image of a repository by a policy",
  details:
    "Policies are those of Flux's ImagePolicy. Signatures and attestations beside images are left out. A registry that asks for a login gets\nMOORING_REGISTRY_USERNAME and MOORING_REGISTRY_PASSWORD, else what docker login keeps for its host.",
  examples: [
    'mooring image latest ghcr.io/acme/web --semver ">=1.2 <2"',
    "mooring image latest ghcr.io/acme/web --filter-tags '^main-[a-f0-9]+-(?P<ts>[0-9]+)$' --extract '$ts' --numerical asc --digest",
  ],
  args: { usage: "REPOSITORY", min: 1, max: 1 },
  flags,
  run: async ({ args, flags: given }, ports) => {
    const name = args[0] ?? "";
    const image = parseImage(name);
    if (image === undefined || image.tag !== undefined || image.digest !== undefined) {
      throw usageError(
        `repository ${name}: is no name of an image without tag and digest; write one such as ghcr.io/acme/web`,
      );
    }
    const policy = policyOf(given);
    const access = accessWith(await openRegistryAccess(given, ports), name, ports);
    await using registry = await ports.startRegistry();
    const tags = await registry.listTags(access, { maxAgeMs: 0, signal: ports.signal });
    const tag = chooseTag(tags, policy);
    if (tag === undefined) {
      throw new MooringError(
        "CHART_NOT_FOUND",
        `repository ${name}: none of its ${tags.length} tags is wanted; check the policy`,
      );
    }
    const digest = given.digest === true ? await registry.digestOf(access, tag, ports.signal) : undefined;
    const found = { name, tag, ...(digest === undefined ? {} : { digest }) };
    if (given.output === "json" || given.output === "yaml")
      printValue(ports.stdout, given.output, { ...found, image: formatImage(found) });
    else ports.stdout.write(`${given.output === "tag" ? tag : formatImage(found)}\n`);
    return 0;
  },
});

function policyOf(given: Values): TagPolicy {
  const { semver, numerical, alphabetical, extract } = given;
  const asked = { semver, numerical, alphabetical };
  const names = Object.entries(asked).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`]));
  if (names.length > 1)
    throw usageError(`flags ${names.join(" and ")}: only one order can decide; give one of them`);
  return { order: orderOf(given), pattern: given["filter-tags"], extract };
}

function orderOf({ semver, numerical, alphabetical }: Values): TagOrder {
  if (numerical !== undefined) return { by: "numerical", order: numerical === "desc" ? "desc" : "asc" };
  if (alphabetical !== undefined)
    return { by: "alphabetical", order: alphabetical === "desc" ? "desc" : "asc" };
  return { by: "semver", range: semver ?? "*" };
}

/** A login for this registry alone counts before those of docker. */
function accessWith(accessTo: AccessTo, name: string, { env }: CliPorts): RegistryAccess {
  const access = accessTo(name);
  const password = env["MOORING_REGISTRY_PASSWORD"];
  if (password === undefined) return access;
  return {
    ...access,
    credentials: { kind: "basic", username: env["MOORING_REGISTRY_USERNAME"] ?? "", password },
  };
}
