import { randomBytes } from "node:crypto";
import { type ApiAccess, ApiError, callApi } from "./api-client.ts";
import { eventually } from "./eventually.ts";

export interface TestNamespace extends AsyncDisposable {
  readonly name: string;
}

/** A new namespace with a random name, in which pods can be created. Disposing begins its deletion. */
export async function createNamespace(access: ApiAccess, prefix = "test"): Promise<TestNamespace> {
  const name = `${prefix}-${randomBytes(4).toString("hex")}`;
  await callApi(access, { method: "POST", path: "/api/v1/namespaces", body: { metadata: { name } } });
  // Admission refuses a pod until the controller manager has made its service account.
  await eventually(() => callApi(access, { path: `/api/v1/namespaces/${name}/serviceaccounts/default` }));
  return { name, [Symbol.asyncDispose]: () => deleteNamespace(access, name) };
}

async function deleteNamespace(access: ApiAccess, name: string): Promise<void> {
  try {
    await callApi(access, { method: "DELETE", path: `/api/v1/namespaces/${name}` });
  } catch (error) {
    // The test itself may have deleted it.
    if (!(error instanceof ApiError && error.status === 404)) throw error;
  }
}
