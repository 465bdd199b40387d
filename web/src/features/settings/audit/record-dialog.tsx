import { formatDuration, formatExact } from "../../../lib/format.ts";
import { Button } from "../../common/button.tsx";
import { Dialog } from "../../common/dialog.tsx";
import { Facts } from "../parts/facts.tsx";
import type { AuditRecord } from "./audit-page.tsx";
import type { AuditSearch } from "./audit-search.ts";
import styles from "./audit.module.css";

/** What a record is about: `Application shop/web`. */
export function subjectOf({ target }: AuditRecord): string {
  const { kind = "", project = "", namespace = "", name = "" } = target ?? {};
  const place = [kind === "AppProject" ? "" : project, namespace, name].filter((part) => part !== "");
  return [kind, place.join("/")].filter((part) => part !== "").join(" ");
}

const outcomes: Readonly<Record<string, string>> = { ok: "done", refused: "refused", failed: "failed" };

/** What came of it, with the code of what went wrong. */
export function Outcome({ record: { outcome = "", code = "" } }: { readonly record: AuditRecord }) {
  return (
    <>
      <span className={styles[outcome] ?? ""}>{outcomes[outcome] ?? outcome}</span>
      {outcome !== "ok" && <div className={styles["code"]}>{code}</div>}
    </>
  );
}

const userKinds: Readonly<Record<string, string>> = {
  local: "an account of the installation",
  project: "a token of a project's role",
  oidc: "the single sign-on",
  anonymous: "nobody in particular, who may read here",
  nobody: "without a good token",
};

interface RecordDialogProps {
  readonly record: AuditRecord;
  readonly onClose: () => void;
  readonly onNarrow: (search: AuditSearch) => void;
}

/** All that is kept of one request. */
export function RecordDialog({ record, onClose, onNarrow }: RecordDialogProps) {
  const { id, time = "", user, from, method = "", target, plan = "", durationMs = 0 } = record;
  const { changes = [], moreChanges = 0 } = record;
  const subject = user?.subject ?? "";
  return (
    <Dialog
      isOpen
      look="wide"
      onClose={onClose}
      title={`${method.split("/")[1] ?? method} ${subjectOf(record)}`}
      actions={
        <>
          {user?.name !== undefined && user.name !== "" && (
            <Button onClick={() => onNarrow({ user: user.name ?? "" })}>All of {user.name}</Button>
          )}
          {(target?.name ?? "") !== "" && (
            <Button onClick={() => onNarrow({ kind: target?.kind ?? "", name: target?.name ?? "" })}>
              All on {target?.name}
            </Button>
          )}
          <Button look="primary" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      <Facts
        facts={[
          ["When", formatExact(time)],
          ["Who", user?.name ?? "nobody"],
          ["Known by", userKinds[user?.kind ?? ""] ?? user?.kind],
          subject === "" || subject === user?.name ? undefined : ["For the policy", subject],
          user?.tokenId === undefined ? undefined : ["Token", user.tokenId],
          user?.groups === undefined || user.groups === 0
            ? undefined
            : ["Groups", `${user.groups.toLocaleString("en")} in the token`],
          ["From", [from?.client, from?.address].filter((one) => (one ?? "") !== "").join(" by way of ")],
          from?.userAgent === undefined ? undefined : ["With", from.userAgent],
          ["What", method],
          ["On", subjectOf(record)],
          ["Came to", <Outcome key="outcome" record={record} />],
          ["Took", formatDuration(durationMs)],
          plan === "" ? undefined : ["Plan", <code key="plan">{plan}</code>],
          ["Record", String(id ?? "")],
        ]}
      />
      <h3 className={styles["heading"]}>What it wrote</h3>
      {changes.length === 0 ? (
        <p className="muted">Nothing on a cluster.</p>
      ) : (
        <ul className={styles["changes"]}>
          {changes.map(({ verb, cluster = "", kind, namespace = "", name, before = "", after = "" }) => (
            <li key={`${cluster} ${kind ?? ""} ${namespace} ${name ?? ""} ${verb ?? ""} ${after}`}>
              <strong>{verb}</strong> {kind} {namespace === "" ? name : `${namespace}/${name ?? ""}`}
              {cluster !== "" && <span className="muted"> on {cluster}</span>}
              <div className={styles["digests"]}>
                {before !== "" && <code title="Digest of the object before">{before}</code>}
                {before !== "" && after !== "" && " → "}
                {after !== "" && <code title="Digest of the object after">{after}</code>}
              </div>
            </li>
          ))}
          {moreChanges > 0 && <li className="muted">and {moreChanges.toLocaleString("en")} more</li>}
        </ul>
      )}
    </Dialog>
  );
}
