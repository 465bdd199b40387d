/** How requests name an Application that is given as `web` or `namespace/web`; the control plane's namespace where none is. */
export function namedApp(
  text: string,
  namespace: string | undefined,
): { readonly name: string; readonly appNamespace: string } {
  const slash = text.indexOf("/");
  return slash < 0
    ? { name: text, appNamespace: namespace ?? "" }
    : { name: text.slice(slash + 1), appNamespace: text.slice(0, slash) };
}
