/**
 * The name by which an Application marks its objects: its own name in the controller's namespace,
 * `<namespace>_<name>` anywhere else. Kubernetes names hold no underscore, so the two forms never collide.
 */
export function appInstanceName(namespace: string, name: string, controllerNamespace: string): string {
  return namespace === "" || namespace === controllerNamespace ? name : `${namespace}_${name}`;
}
