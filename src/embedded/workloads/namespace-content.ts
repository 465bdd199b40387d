import type { JsonObject, KubeObject } from "#core/object/index.ts";
import type { SystemCalls } from "../collect/system-calls.ts";
import { systemCalls } from "../collect/system-calls.ts";
import type { StoreEvent, StoreKey } from "../storage/store.ts";
import type { ClusterState } from "../verbs/cluster-state.ts";
import { namespaces } from "../verbs/namespaces.ts";

const accounts = "/serviceaccounts";
const configMaps = "/configmaps";
const account = "default";
const certificates = "kube-root-ca.crt";

/** Keeps what every namespace has: the ServiceAccount `default` and the ConfigMap with the cluster's certificate. */
export class NamespaceContent {
  readonly #state: ClusterState;
  readonly #accounts: SystemCalls;
  readonly #certificates: SystemCalls;
  readonly #data: JsonObject;

  /** `certificate` is the PEM of the authority that the API server's certificate is from. */
  constructor(state: ClusterState, { certificate }: { readonly certificate: string }) {
    this.#state = state;
    this.#accounts = systemCalls(state, "service-account-controller");
    this.#certificates = systemCalls(state, "root-ca-cert-publisher");
    this.#data = { "ca.crt": certificate };
  }

  /** All namespaces, to be looked at when the cluster starts. */
  all(): readonly StoreKey[] {
    return this.#state.store.list({ resource: namespaces }).map(({ key }) => key);
  }

  /** The namespaces that have to be looked at because of an event. */
  note({ type, stored: { key } }: StoreEvent): readonly StoreKey[] {
    if (key.resource === namespaces) return type === "deleted" ? [] : [key];
    const isLost = type === "deleted" && key.resource === accounts && key.name === account;
    const isTouched = key.resource === configMaps && key.name === certificates;
    return isLost || isTouched ? [{ resource: namespaces, namespace: "", name: key.namespace }] : [];
  }

  /** Makes what is missing in one namespace now. */
  advance({ name }: StoreKey): void {
    const namespace = this.#accounts.read({ resource: namespaces, namespace: "", name });
    if (namespace === undefined || namespace.metadata.deletionTimestamp !== undefined) return;
    const accountKey = { resource: accounts, namespace: name, name: account };
    if (this.#accounts.read(accountKey) === undefined) {
      this.#accounts.create(accountKey, {
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: { name: account, namespace: name },
      });
    }
    this.#publish({ resource: configMaps, namespace: name, name: certificates });
  }

  #publish(key: StoreKey): void {
    const live = this.#certificates.read(key);
    if (live === undefined) this.#certificates.create(key, this.#configMap(key));
    // A write that changes nothing is none.
    else this.#certificates.replace(key, { ...live, data: this.#data });
  }

  #configMap({ namespace, name }: StoreKey): KubeObject {
    const annotations = {
      "kubernetes.io/description":
        "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.",
    };
    return {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, namespace, annotations },
      data: this.#data,
    };
  }
}
