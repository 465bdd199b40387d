import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { KeyRound, Lock } from "lucide-react";
import { useState } from "react";
import { call } from "../../../lib/api/index.ts";
import { sessionQuery } from "../../../lib/session.ts";
import { Card } from "../../common/page.tsx";
import { Failure, Skeleton } from "../../common/states.tsx";
import { AskDialog } from "../parts/ask-dialog.tsx";
import { Facts, Tags } from "../parts/facts.tsx";
import type { Wanted } from "../parts/guarded-button.tsx";
import { GuardedButton } from "../parts/guarded-button.tsx";
import { SettingsFrame } from "../parts/settings-frame.tsx";
import { NewTokenDialog } from "../parts/token-dialog.tsx";
import { TokenTable } from "../parts/token-table.tsx";
import type { Account } from "../queries.ts";
import { capabilityNames } from "./capabilities.ts";
import { PasswordDialog } from "./password-dialog.tsx";

const route = getRouteApi("/inside/settings/accounts/$name");

type Doing = { readonly what: "token" | "password" } | { readonly what: "revoke"; readonly id: string };

/** One account with its tokens. */
export function AccountPage() {
  const { name } = route.useParams();
  const queryClient = useQueryClient();
  const query = useQuery({
    queryKey: ["accounts", name],
    queryFn: ({ signal }) => call("account.getAccount", { name }, { signal }),
  });
  const { data: session } = useQuery(sessionQuery);
  const [doing, setDoing] = useState<Doing>();
  const close = (): void => setDoing(undefined);
  const { data: account, error, refetch } = query;
  const { capabilities = [], enabled = false } = account ?? {};
  const isOwn = session?.iss === "argocd" && session.username === name;
  // One's own password and tokens need no permission.
  const wants: Wanted | undefined = isOwn ? undefined : ["accounts", "update", name];
  const canHaveTokens = capabilities.includes("apiKey");
  const canLogIn = capabilities.includes("login");
  const again = () => queryClient.invalidateQueries({ queryKey: ["accounts"] });
  return (
    <SettingsFrame
      title={name}
      above={<Link to="/settings/accounts">Accounts</Link>}
      actions={
        account !== undefined && (
          <>
            <GuardedButton
              icon={<Lock />}
              wants={wants}
              disabled={!canLogIn}
              title={canLogIn ? undefined : "The account cannot log in, so it has no password."}
              onClick={() => setDoing({ what: "password" })}
            >
              Change the password…
            </GuardedButton>
            <GuardedButton
              look="primary"
              icon={<KeyRound />}
              wants={wants}
              disabled={!canHaveTokens || !enabled}
              title={
                !canHaveTokens
                  ? `The account can have no tokens: add apiKey to accounts.${name} of argocd-cm.`
                  : enabled
                    ? undefined
                    : "The account is disabled."
              }
              onClick={() => setDoing({ what: "token" })}
            >
              New token…
            </GuardedButton>
          </>
        )
      }
    >
      {account === undefined ? (
        error === null ? (
          <Skeleton lines={5} label="Loading the account" />
        ) : (
          <Failure error={error} onRetry={() => void refetch()} />
        )
      ) : (
        <AccountCards
          account={account}
          isOwn={isOwn}
          wants={wants}
          onRevoke={(id) => setDoing({ what: "revoke", id })}
        />
      )}
      {doing?.what === "token" && (
        <NewTokenDialog
          owner={`account ${name}`}
          create={async (wanted) => {
            const { token = "" } = await call("account.createToken", { name, ...wanted });
            await again();
            return token;
          }}
          onClose={close}
        />
      )}
      {doing?.what === "password" && <PasswordDialog name={name} isOwn={isOwn} onClose={close} />}
      {doing?.what === "revoke" && (
        <AskDialog
          title="Revoke this token?"
          doIt="Revoke"
          act={async () => {
            await call("account.deleteToken", { name, id: doing.id });
            await again();
          }}
          done="The token was revoked."
          onClose={close}
        >
          <p>
            Whoever uses the token <strong>{doing.id}</strong> is refused from now on.
          </p>
        </AskDialog>
      )}
    </SettingsFrame>
  );
}

interface AccountCardsProps {
  readonly account: Account;
  readonly isOwn: boolean;
  readonly wants: Wanted | undefined;
  readonly onRevoke: (id: string) => void;
}

function AccountCards({ account, isOwn, wants, onRevoke }: AccountCardsProps) {
  const { name = "", enabled = false, capabilities = [], tokens = [] } = account;
  return (
    <>
      <Card title="The account">
        <Facts
          facts={[
            ["State", enabled ? "enabled" : "disabled: it can neither log in nor use its tokens"],
            ["Can", <Tags key="can" values={capabilityNames(capabilities)} none="nothing" />],
            [
              "May",
              <Link key="may" to="/settings/permissions" search={isOwn ? {} : { subject: name }}>
                Ask the policy
              </Link>,
            ],
          ]}
        />
      </Card>
      <Card title="Tokens">
        {tokens.length === 0 ? (
          <Facts facts={[["Tokens", "none"]]} />
        ) : (
          <TokenTable
            owner={`account ${name}`}
            tokens={tokens.map(({ id = "", issuedAt = 0, expiresAt = 0 }) => ({
              id,
              issuedAt: Number(issuedAt),
              expiresAt: Number(expiresAt),
            }))}
            wants={wants}
            onRevoke={({ id }) => onRevoke(id)}
          />
        )}
      </Card>
    </>
  );
}
