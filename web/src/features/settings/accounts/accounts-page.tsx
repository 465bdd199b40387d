import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Users } from "lucide-react";
import { useState } from "react";
import { State } from "../../common/states.tsx";
import type { Column } from "../parts/data-table.tsx";
import { Tags } from "../parts/facts.tsx";
import { isFound } from "../parts/find-in.ts";
import { Listing } from "../parts/listing.tsx";
import { FindBox, SettingsFrame } from "../parts/settings-frame.tsx";
import type { Account } from "../queries.ts";
import { accountsQuery } from "../queries.ts";
import { capabilityNames } from "./capabilities.ts";

const columns: readonly Column<Account>[] = [
  {
    name: "Account",
    cell: ({ name = "" }) => (
      <Link to="/settings/accounts/$name" params={{ name }}>
        {name}
      </Link>
    ),
  },
  {
    name: "State",
    cell: ({ enabled = false }) => (enabled ? "enabled" : <span className="muted">disabled</span>),
    look: "shrink",
  },
  {
    name: "Can",
    cell: ({ capabilities = [] }) => <Tags values={capabilityNames(capabilities)} none="nothing" />,
  },
  { name: "Tokens", cell: ({ tokens = [] }) => tokens.length.toLocaleString("en"), look: "shrink" },
];

/** Accounts that the installation itself knows, besides those of the single sign-on. */
export function AccountsPage() {
  const query = useQuery(accountsQuery);
  const [text, setText] = useState("");
  const rows = (query.data ?? []).filter(({ name, capabilities = [], tokens = [] }) =>
    isFound(text, [name, ...capabilities, ...tokens.map(({ id }) => id)]),
  );
  return (
    <SettingsFrame
      title="Accounts"
      count={query.data?.length}
      about={
        <>
          Accounts that the installation itself knows, besides those of the single sign-on. One is added by a
          line <code>accounts.NAME: login, apiKey</code> in <code>argocd-cm</code>.
        </>
      }
    >
      <FindBox what="accounts" text={text} onChange={setText} />
      <Listing
        query={query}
        what="accounts"
        columns={columns}
        rows={rows}
        keyOf={({ name = "" }) => name}
        isNarrowed={text !== ""}
        onClear={() => setText("")}
        empty={
          <State icon={<Users />} title="No accounts">
            You may see none.
          </State>
        }
      />
    </SettingsFrame>
  );
}
