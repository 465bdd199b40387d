import { formatExact } from "../../../lib/format.ts";
import { Ago, useNow } from "../../common/time.tsx";
import type { Wanted } from "./guarded-button.tsx";
import { GuardedButton } from "./guarded-button.tsx";
import styles from "./token-table.module.css";

interface TokenEntry {
  readonly id: string;
  /** In seconds since 1970. */
  readonly issuedAt: number;
  /** In seconds since 1970; 0 for a token that never ends. */
  readonly expiresAt: number;
}

interface TokenTableProps {
  readonly owner: string;
  readonly tokens: readonly TokenEntry[];
  /** Undefined where it takes no permission: one's own. */
  readonly wants: Wanted | undefined;
  readonly onRevoke: (token: TokenEntry) => void;
}

/** Tokens with when they were made and when they end; newest first. */
export function TokenTable({ owner, tokens, wants, onRevoke }: TokenTableProps) {
  const nowMs = useNow();
  if (tokens.length === 0) return null;
  return (
    <div className={styles["wrap"]}>
      <table className={styles["table"]} aria-label={`Tokens of ${owner}`}>
        <thead>
          <tr>
            <th scope="col">Token</th>
            <th scope="col">Made</th>
            <th scope="col">Ends</th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {tokens
            .toSorted((a, b) => b.issuedAt - a.issuedAt)
            .map((token) => (
              <tr key={`${token.id} ${token.issuedAt}`}>
                <td>{token.id === "" ? <span className="muted">without an id</span> : token.id}</td>
                <td>
                  <Ago time={new Date(token.issuedAt * 1_000).toISOString()} />
                </td>
                <td>
                  <Ends expiresAt={token.expiresAt} nowMs={nowMs} />
                </td>
                <td className={styles["end"]}>
                  <GuardedButton size="small" wants={wants} onClick={() => onRevoke(token)}>
                    Revoke…
                  </GuardedButton>
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}

function Ends({ expiresAt, nowMs }: { readonly expiresAt: number; readonly nowMs: number }) {
  if (expiresAt === 0) return <span className={styles["never"]}>never</span>;
  const endsMs = expiresAt * 1_000;
  if (endsMs <= nowMs)
    return (
      <span className="muted" title={formatExact(endsMs)}>
        has ended
      </span>
    );
  return <Ago time={new Date(endsMs).toISOString()} />;
}
