import type { DescMethod } from "@bufbuild/protobuf";
import { routesOf, services } from "../contract/methods.ts";

/** Methods that change nothing although they are not asked by GET: what they are asked about does not fit into an address. */
const readsWithBody: ReadonlySet<DescMethod> = new Set([
  services.application.method.getManifestsWithFiles,
  services.applicationSet.method.generate,
  services.plan.method.make,
  services.plan.method.preview,
  services.repository.method.getAppDetails,
  services.repository.method.validateAccess,
  services.repository.method.validateWriteAccess,
]);

/** Whether a method is there to read: GET is all that leads to it, or it is named above. Any other is recorded, a new one too. */
export function isRead(method: DescMethod): boolean {
  const routes = routesOf(method);
  return readsWithBody.has(method) || (routes.length > 0 && routes.every(({ verb }) => verb === "GET"));
}
