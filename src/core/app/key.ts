import type { KubeObject } from "#core/object/index.ts";

declare const appKeyBrand: unique symbol;

/** Identity of an Application on the hub: `<namespace>/<name>`. */
export type AppKey = string & { readonly [appKeyBrand]: true };

export function appKey(namespace: string, name: string): AppKey {
  return `${namespace}/${name}` as AppKey;
}

export function appKeyOf(app: KubeObject): AppKey {
  return appKey(app.metadata.namespace ?? "", app.metadata.name ?? "");
}

export function parseAppKey(key: AppKey): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf("/");
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** How messages name an Application: `Application/argocd/web`. */
export function formatAppKey(key: AppKey): string {
  return `Application/${key}`;
}
