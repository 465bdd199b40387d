import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { LogIn } from "lucide-react";
import { useState } from "react";
import type { FormEvent } from "react";
import { call } from "../../lib/api/index.ts";
import { ownAddress } from "../../lib/own-address.ts";
import { sessionQuery, settingsQuery } from "../../lib/session.ts";
import { Button } from "../common/button.tsx";
import { Field } from "../common/field.tsx";
import { Failure } from "../common/states.tsx";
import styles from "./login-page.module.css";

export function LoginPage() {
  const { ended } = useSearch({ from: "/login" });
  const { data: settings, error, refetch } = useQuery(settingsQuery);
  const sso = settings?.oidcConfig?.name ?? settings?.dexConfig?.connectors?.[0]?.name;
  const hasPasswords = settings !== undefined && settings.userLoginsDisabled !== true;
  return (
    <main className={styles["page"]} id="main">
      <title>Log in · Mooring</title>
      <div className={styles["box"]}>
        <img src="assets/icon.svg" alt="" width="44" height="44" />
        <h1>Log in to Mooring</h1>
        {ended === true && (
          <p role="status" className={styles["notice"]}>
            Your session has ended. Log in, and you are back where you were.
          </p>
        )}
        {error !== null && settings === undefined && <Failure error={error} onRetry={() => void refetch()} />}
        {sso !== undefined && <SsoLogin name={sso} text={settings?.uiLoginButtonText ?? ""} />}
        {sso !== undefined && hasPasswords && <p className={styles["or"]}>or</p>}
        {hasPasswords && <PasswordLogin />}
        {settings !== undefined && !hasPasswords && sso === undefined && (
          <p>Nobody can log in here: no account may, and no single sign-on is set up.</p>
        )}
      </div>
    </main>
  );
}

function SsoLogin({ name, text }: { readonly name: string; readonly text: string }) {
  const { back } = useSearch({ from: "/login" });
  const returnUrl = ownAddress(back ?? "/", document.baseURI).href;
  return (
    <a className={styles["sso"]} href={`auth/login?return_url=${encodeURIComponent(returnUrl)}`}>
      {text === "" ? `Log in with ${name === "" ? "single sign-on" : name}` : text}
    </a>
  );
}

function PasswordLogin() {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const { back } = useSearch({ from: "/login" });
  const router = useRouter();
  const queryClient = useQueryClient();
  const login = useMutation({
    mutationFn: () => call("session.create", { username, password }),
    onSuccess: async () => {
      queryClient.clear();
      await queryClient.fetchQuery(sessionQuery);
      const { pathname, search, hash } = ownAddress(back ?? "/applications", document.baseURI);
      router.history.push(`${pathname}${search}${hash}`);
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    login.mutate();
  };
  return (
    <form className={styles["form"]} onSubmit={submit}>
      <Field label="Username">
        {(props) => (
          <input
            {...props}
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            required
            autoFocus
            value={username}
            onChange={(event) => setUsername(event.target.value)}
          />
        )}
      </Field>
      <Field label="Password">
        {(props) => (
          <input
            {...props}
            name="password"
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      {login.error !== null && (
        <p role="alert" className={styles["error"]}>
          {login.error.message}
        </p>
      )}
      <Button type="submit" look="primary" icon={<LogIn />} isBusy={login.isPending}>
        Log in
      </Button>
    </form>
  );
}
