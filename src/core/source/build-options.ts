import { MooringError } from "#core/errors/index.ts";
import type { KustomizeBuildOptions } from "./render-tool.ts";

const defaults: KustomizeBuildOptions = {
  enableHelm: false,
  enableAlphaPlugins: false,
  loadRestrictor: "rootOnly",
  reorder: "",
};

type Change = (options: KustomizeBuildOptions, value: string) => KustomizeBuildOptions | undefined;

const restrictors: ReadonlyMap<string, KustomizeBuildOptions["loadRestrictor"]> = new Map([
  ["none", "none"],
  ["LoadRestrictionsNone", "none"],
  ["rootOnly", "rootOnly"],
  ["LoadRestrictionsRootOnly", "rootOnly"],
]);

const loadRestrictor: Change = (options, value) => {
  const restrictor = restrictors.get(value);
  return restrictor === undefined ? undefined : { ...options, loadRestrictor: restrictor };
};

const reorder: Change = (options, value) =>
  value === "legacy" || value === "none" ? { ...options, reorder: value } : undefined;

function flag(field: "enableHelm" | "enableAlphaPlugins"): Change {
  return (options, value) =>
    value === "true" || value === "false" ? { ...options, [field]: value === "true" } : undefined;
}

/** Flags with their meaning; those that need a value do not stand alone. */
const known: ReadonlyMap<string, { readonly change: Change; readonly valued: boolean }> = new Map([
  ["--enable-helm", { change: flag("enableHelm"), valued: false }],
  ["--enable-alpha-plugins", { change: flag("enableAlphaPlugins"), valued: false }],
  ["--enable_alpha_plugins", { change: flag("enableAlphaPlugins"), valued: false }],
  ["--load-restrictor", { change: loadRestrictor, valued: true }],
  ["--load_restrictor", { change: loadRestrictor, valued: true }],
  ["--reorder", { change: reorder, valued: true }],
]);

const outside =
  "builds reach neither programs nor the network or the environment of the controller; remove it";
const refused: ReadonlyMap<string, string> = new Map([
  ["--enable-exec", "programs are not run during a build; remove it"],
  ["--network", outside],
  ["--network-name", outside],
  ["--mount", outside],
  ["--env", outside],
  ["-e", outside],
  ["--as-current-user", outside],
  ["--helm-command", "Helm is built in; remove it"],
  ["--helm-api-versions", "it follows the cluster and source.kustomize.apiVersions; remove it"],
  ["--helm-kube-version", "it follows the cluster and source.kustomize.kubeVersion; remove it"],
]);

/** Reads `kustomize.buildOptions` of `argocd-cm`. Throws CONFIG_INVALID for an option that has no meaning here. */
export function parseBuildOptions(text: string, key: string): KustomizeBuildOptions {
  const words = text.split(/\s+/u).filter((word) => word !== "");
  let options = defaults;
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? "";
    const equals = word.indexOf("=");
    const name = equals < 0 ? word : word.slice(0, equals);
    const option = known.get(name);
    if (option === undefined)
      throw wrong(key, name, refused.get(name) ?? "it is no option of kustomize build here");
    const inline = equals < 0 ? undefined : word.slice(equals + 1);
    if (inline === undefined && option.valued) i += 1;
    const value = inline ?? (option.valued ? (words[i] ?? "") : "true");
    options = option.change(options, value) ?? wrongValue(key, name, value);
  }
  return options;
}

function wrongValue(key: string, name: string, value: string): never {
  throw wrong(key, name, `${JSON.stringify(value)} is not one of its values`);
}

function wrong(key: string, name: string, reason: string): MooringError {
  return new MooringError("CONFIG_INVALID", `ConfigMap argocd-cm: ${key}: ${name}: ${reason}`);
}
