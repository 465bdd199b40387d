import { Page } from "../common/page.tsx";

export function SettingsPage() {
  return (
    <Page tab="Settings" title="Settings">
      <p />
    </Page>
  );
}
