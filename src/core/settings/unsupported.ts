/** Keys of `argocd-cm` that change what is deployed or compared and that Mooring does not act on yet. */
const unsupported: readonly (readonly [key: RegExp, reason: string])[] = [
  [/^application\.sync\.impersonation\./u, "syncs do not act as a service account yet"],
  [/^globalProjects$/u, "global projects are not merged into others yet"],
  [
    /^resource\.customizations(?:\.|$)/u,
    "health checks, actions and ignored differences of your own are not run yet",
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
