import { diffObjects } from "#core/diff/index.ts";
import type { SystemIgnoreEntry } from "#core/differences/index.ts";
import { collectRules, removePaths } from "#core/differences/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { gvkOf, keyOf } from "#core/object/index.ts";
import { redactSecrets } from "#core/redact/index.ts";
import type { Settings } from "#core/settings/index.ts";
import { parseSettings } from "#core/settings/index.ts";
import { locateIgnored } from "#engine/ignored-fields.ts";
import { parseConfigYaml } from "#runtime/config-yaml.ts";
import type { ArgsSpec, Invocation } from "../command.ts";
import { paintDiff } from "../diff-application.ts";
import { createPaint } from "../output/paint.ts";
import type { CliPorts } from "../ports.ts";
import type { settingsFlags } from "./read-settings.ts";
import { readObjectFile, readSettings } from "./read-settings.ts";

export const oneObject: ArgsSpec = { usage: "RESOURCE_YAML_PATH", min: 1, max: 1 };

/** An object of a file, and the settings to try on it; problems of the settings are warnings. */
export async function openTrial(
  invocation: Invocation<typeof settingsFlags>,
  ports: CliPorts,
): Promise<{ readonly object: KubeObject; readonly settings: Settings }> {
  const object = await readObjectFile(invocation.args[0] ?? "", ports);
  const { configMap } = await readSettings(invocation, ports);
  const { settings, problems } = parseSettings(configMap, parseConfigYaml);
  for (const problem of problems) ports.stderr.write(`warning: ${problem}\n`);
  return { object, settings };
}

/** How settings and messages name an object's kind. */
export function kindNameOf(object: KubeObject): string {
  const { group, kind } = gvkOf(object);
  return `${group}/${kind}`;
}

interface DiffRequest {
  readonly ports: CliPorts;
  readonly color: string | undefined;
}

/** Prints what differs between two states of an object; values of Secrets are hidden. False when nothing does. */
export function printChange(
  before: KubeObject | undefined,
  after: KubeObject,
  { title, ports, color }: DiffRequest & { readonly title: string },
): boolean {
  const shown = (object: KubeObject) => redactSecrets(object, { hash: ports.hashSecret });
  const lines = diffObjects(before === undefined ? undefined : shown(before), shown(after));
  if (lines.length === 0) return false;
  const paint = createPaint(ports, ports.stdout, color);
  ports.stdout.write(`${[title, "", ...paintDiff(lines, paint)].join("\n")}\n`);
  return true;
}

/** Prints which fields of an object some entries leave out. Which manager owns a field only a cluster knows, so those are not looked at. */
export async function printIgnored(
  object: KubeObject,
  entries: readonly SystemIgnoreEntry[],
  { name, ports, color }: DiffRequest & { readonly name: "ignoreDifferences" | "ignoreResourceUpdates" },
): Promise<void> {
  const rules = collectRules("settings", [], entries).rulesFor(keyOf(object));
  if (rules.length === 0) {
    ports.stdout.write(`${name} is not configured for '${kindNameOf(object)}'\n`);
    return;
  }
  const scripts = await ports.startScripts();
  const [paths = []] = await locateIgnored([object], { rules, live: object, scripts, signal: ports.signal });
  const hidden = redactSecrets(object, { hash: ports.hashSecret });
  const title = "Following fields are ignored:";
  if (printChange(hidden, removePaths(hidden, paths) as KubeObject, { title, ports, color })) return;
  ports.stdout.write(`No fields are ignored by ${name} of '${kindNameOf(object)}'\n`);
}
