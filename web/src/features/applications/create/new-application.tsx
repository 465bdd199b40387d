import { Plus } from "lucide-react";
import { Suspense, lazy, useState } from "react";
import { Button } from "../../common/button.tsx";

const CreatePanel = lazy(async () => ({ default: (await import("./create-panel.tsx")).CreatePanel }));

/** The button that makes a new application. */
export function NewApplication() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button look="primary" icon={<Plus />} onClick={() => setOpen(true)}>
        New application
      </Button>
      {isOpen && (
        <Suspense fallback={null}>
          <CreatePanel onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
