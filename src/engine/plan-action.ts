import type { ActionEffect, ActionInput, ResourceAction } from "#core/actions/index.ts";
import { builtInActions, readActions, readEffects } from "#core/actions/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { formatObjectKey, gvkOf, keyOf } from "#core/object/index.ts";
import type { ActionScripts, Settings } from "#core/settings/index.ts";
import type { Scripts } from "#ports/scripts.ts";

export interface ActionsContext {
  readonly settings: Pick<Settings, "actionScripts">;
  readonly scripts: Scripts;
  readonly signal: AbortSignal;
}

/** The actions that an object has now, in the order of their names: the user's own, and those that are built in. */
export async function listActions(
  object: KubeObject,
  context: ActionsContext,
): Promise<readonly ResourceAction[]> {
  const own = ownActions(object, context);
  const found = own === undefined ? [] : await discover(object, own, context);
  if (own !== undefined && !own.mergesBuiltIn) return found;
  const builtIn = builtInActions(object)
    .filter(({ name }) => !found.some((action) => action.name === name))
    .map(({ name, displayName, isDisabled, params }) => ({
      name,
      ...(displayName === undefined ? {} : { displayName: displayName(object) }),
      disabled: isDisabled?.(object) ?? false,
      params: params?.(object) ?? [],
    }));
  return [...found, ...builtIn].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * What an action would do; nothing is written yet. Throws CLI_USAGE for an action that the kind has not, and CONFIG_INVALID when the
 * user's script fails.
 */
export async function planAction(
  object: KubeObject,
  name: string,
  { input, ...context }: ActionsContext & { readonly input: ActionInput },
): Promise<readonly ActionEffect[]> {
  const own = ownActions(object, context);
  const definition = own?.definitions.find((one) => one.name === name);
  if (own !== undefined && definition !== undefined) {
    const script = `${own.name}: ${name}`;
    const globals = { obj: asJson(object), actionParams: input.parameters };
    return readEffects(await run(script, definition.text, { ...context, globals }), object, script);
  }
  const builtIn = builtInActions(object);
  const action = builtIn.find((one) => one.name === name);
  if (action !== undefined) return [action.run(object, input)];
  const known = [...(own?.definitions ?? []), ...builtIn].map((one) => one.name).toSorted();
  const hint = known.length === 0 ? "its kind has none" : `it has ${known.join(", ")}`;
  throw new MooringError(
    "CLI_USAGE",
    `${formatObjectKey(keyOf(object))}: has no action ${JSON.stringify(name)}; ${hint}`,
  );
}

function ownActions(object: KubeObject, { settings }: ActionsContext): ActionScripts | undefined {
  const { group, kind } = gvkOf(object);
  const name = group === "" ? kind : `${group}/${kind}`;
  return Object.hasOwn(settings.actionScripts, name) ? settings.actionScripts[name] : undefined;
}

async function discover(
  object: KubeObject,
  { name, discovery }: ActionScripts,
  context: ActionsContext,
): Promise<readonly ResourceAction[]> {
  if (discovery === "") return [];
  const script = `${name}: discovery.lua`;
  return readActions(await run(script, discovery, { ...context, globals: { obj: asJson(object) } }), script);
}

async function run(
  name: string,
  text: string,
  { scripts, signal, globals }: ActionsContext & { readonly globals: Readonly<Record<string, JsonValue>> },
): Promise<readonly JsonValue[]> {
  const [outcome] = await scripts.lua({ text, opensLibraries: false }, [globals], signal);
  if (outcome?.ok === true) return outcome.values;
  throw new MooringError(
    "CONFIG_INVALID",
    `action script ${name}: ${outcome?.message ?? "it gave no answer"}`,
  );
}

function asJson(object: KubeObject): JsonObject {
  return object as unknown as JsonObject;
}
