import { type JsonValue, viewArray } from "#core/object/index.ts";
import { ageOf } from "./age.ts";
import { ageColumn, nameColumn, type TableShape, type TableShapes, text, wide } from "./shape.ts";
import { textAt } from "./views.ts";

const binding: TableShape = {
  columns: [
    nameColumn,
    text("Role"),
    ageColumn,
    ...["Users", "Groups", "ServiceAccounts"].map((name) => wide(text(name))),
  ],
  cells: (object, nowMs) => [
    object.metadata.name ?? "",
    `${textAt(object, "roleRef", "kind")}/${textAt(object, "roleRef", "name")}`,
    ageOf(object, nowMs),
    subjects(object, "User", (subject) => textAt(subject, "name")),
    subjects(object, "Group", (subject) => textAt(subject, "name")),
    subjects(
      object,
      "ServiceAccount",
      (subject) => `${textAt(subject, "namespace")}/${textAt(subject, "name")}`,
    ),
  ],
};

/** Roles have no columns of their own. */
export const rbacShapes: TableShapes = {
  "rbac.authorization.k8s.io/RoleBinding": binding,
  "rbac.authorization.k8s.io/ClusterRoleBinding": binding,
};

function subjects(object: JsonValue, kind: string, show: (subject: JsonValue) => string): string {
  return viewArray(object, "subjects")
    .filter((subject) => textAt(subject, "kind") === kind)
    .map((subject) => show(subject))
    .join(", ");
}
