import { getRouteApi } from "@tanstack/react-router";
import { Choices } from "../parts/inputs.tsx";
import { SettingsFrame } from "../parts/settings-frame.tsx";
import type { Purpose } from "../queries.ts";
import { CredentialsSection } from "./credentials-section.tsx";
import { RepositoriesSection } from "./repositories-section.tsx";

const route = getRouteApi("/inside/settings/repos");

const purposes = [
  ["read", "Read by applications"],
  ["write", "Written to"],
] as const;

/** Repositories, and the credentials that stand for several of them. */
export function RepositoriesPage() {
  const { purpose = "read" } = route.useSearch();
  const navigate = route.useNavigate();
  const show = (next: Purpose): void =>
    void navigate({ search: next === "write" ? { purpose: next } : {}, replace: true });
  return (
    <SettingsFrame
      title="Repositories"
      about="Git repositories, Helm charts and OCI registries with the credentials to reach them. A public repository needs no entry."
    >
      <Choices
        label="Repositories that are"
        value={purpose}
        options={purposes}
        onChange={(next) => show(next === "write" ? "write" : "read")}
      />
      <RepositoriesSection key={purpose} purpose={purpose} />
      <CredentialsSection key={`${purpose}-credentials`} purpose={purpose} />
    </SettingsFrame>
  );
}
