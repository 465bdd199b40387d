import { withField } from "../../application/source/edit-source.ts";
import type { Manifest, Spec } from "./new-manifest.ts";

type Policy = NonNullable<Spec["syncPolicy"]>;

export function hasOption({ spec }: Manifest, name: string): boolean {
  return (spec?.syncPolicy?.syncOptions ?? []).includes(`${name}=true`);
}

export function withOption(manifest: Manifest, name: string, isOn: boolean): Manifest {
  const others = (manifest.spec?.syncPolicy?.syncOptions ?? []).filter((one) => one.split("=")[0] !== name);
  return withPolicy(manifest, "syncOptions", isOn ? [...others, `${name}=true`] : others);
}

/** With these settings of automated sync; undefined for none, that is, by hand. */
export function withAutomated(manifest: Manifest, automated: Policy["automated"]): Manifest {
  const { syncPolicy = {} } = manifest.spec ?? {};
  const { automated: _before, ...rest } = syncPolicy;
  // Without any setting it still says that syncs are automated.
  const policy = automated === undefined ? rest : { ...rest, automated };
  return { ...manifest, spec: withField(manifest.spec ?? {}, "syncPolicy", policy) };
}

function withPolicy<K extends keyof Policy>(manifest: Manifest, field: K, value: Policy[K]): Manifest {
  const { spec = {} } = manifest;
  return { ...manifest, spec: withField(spec, "syncPolicy", withField(spec.syncPolicy ?? {}, field, value)) };
}
