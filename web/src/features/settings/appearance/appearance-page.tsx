import { Card } from "../../common/page.tsx";
import { SettingsFrame } from "../parts/settings-frame.tsx";
import { ThemeChoice } from "./theme-choice.tsx";

/** How the pages look, for this browser alone. */
export function AppearancePage() {
  return (
    <SettingsFrame title="Appearance" about="Kept in this browser, for you alone.">
      <Card title="Theme">
        <ThemeChoice />
      </Card>
    </SettingsFrame>
  );
}
