/** Keys of `argocd-cm` that change what is deployed or compared and that Mooring does not act on yet. */
const unsupported: readonly (readonly [key: RegExp, reason: string])[] = [
  [
    /^application\.sync\.impersonation\.enforced$/u,
    "where syncs act as service accounts, a destination without one is always refused",
  ],
  [
    /^resource\.customizations\.(?!(?:actions|health|ignoreDifferences|ignoreResourceUpdates|knownTypeFields|useOpenLibs)\.)/u,
    "nothing of that name can be customized",
  ],
  [/^resource\.respectRBAC$/u, "every kind is watched as far as the credentials permit"],
  [/^timeout\.hard\.reconciliation$/u, "renders are cached by content and need no hard refresh"],
  [/^kustomize\.version\./u, "Kustomize is built in; its build options are heeded"],
];

export function unsupportedSettings(keys: readonly string[]): readonly string[] {
  return keys.toSorted().flatMap((key) => {
    const found = unsupported.find(([pattern]) => pattern.test(key));
    return found === undefined ? [] : [`${key} has no effect: ${found[1]}`];
  });
}
