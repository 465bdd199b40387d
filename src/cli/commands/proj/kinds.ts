import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { jsonEqual, viewArray } from "#core/object/index.ts";
import type { Command } from "../../command.ts";
import { defineCommand } from "../../command.ts";
import { changeValidProject } from "./change-project.ts";

interface KindsCommand {
  readonly verb: "allow" | "deny";
  readonly scope: "cluster" | "namespace";
}

/**
 * Permits or forbids a kind, in one of the two lists of its scope: what is permitted is added to the permitted or taken from the
 * forbidden ones. Which list is meant when none is named is as in argocd.
 */
function kindsCommand({ verb, scope }: KindsCommand): Command {
  const usual = scope === "cluster" ? "allow" : "deny";
  const words = scope === "cluster" ? "cluster-scoped" : "namespaced";
  return defineCommand({
    name: `proj ${verb}-${scope}-resource`,
    summary: `${verb === "allow" ? "Permit" : "Forbid"} a ${words} kind in a project`,
    args:
      scope === "cluster"
        ? { usage: "PROJECT GROUP KIND [NAME]", min: 3, max: 4 }
        : { usage: "PROJECT GROUP KIND", min: 3, max: 3 },
    flags: {
      list: {
        type: "string",
        short: "l",
        choices: ["allow", "deny"],
        description: `The list to change; ${usual} by default`,
      },
    },
    run: async (invocation, ports) => {
      const [project = "", group = "", kind = "", name = ""] = invocation.args;
      const list = invocation.flags.list ?? usual;
      const field = `${scope}Resource${list === "allow" ? "Whitelist" : "Blacklist"}`;
      const entry: JsonValue = { group, kind, ...(name === "" ? {} : { name }) };
      const adds = list === verb;
      let isChanged = false;
      await changeValidProject(invocation, {
        ports,
        change: (spec) => {
          const before = viewArray(spec as JsonObject, field);
          const others = before.filter((one) => !jsonEqual(one, entry));
          isChanged = adds === (others.length === before.length);
          if (!isChanged) return { [field]: [...before] };
          return { [field]: adds ? [...before, entry] : others };
        },
      });
      const done = isChanged ? (adds ? "added to" : "removed from") : adds ? "was already in" : "was not in";
      const permitted = list === "allow" ? "permitted" : "forbidden";
      ports.stdout.write(
        `${group}/${kind}${name === "" ? "" : ` ${name}`} ${done} the ${permitted} ${words} kinds of project '${project}'\n`,
      );
      return 0;
    },
  });
}

export const allowClusterResource = kindsCommand({ verb: "allow", scope: "cluster" });
export const denyClusterResource = kindsCommand({ verb: "deny", scope: "cluster" });
export const allowNamespaceResource = kindsCommand({ verb: "allow", scope: "namespace" });
export const denyNamespaceResource = kindsCommand({ verb: "deny", scope: "namespace" });
