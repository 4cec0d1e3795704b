import type { Session } from "../registry/registry.ts";
import { Dialog } from "./dialog.tsx";
import { LoginForm } from "./login-form.tsx";

export function LoginDialog({ onSession, onClose }: { onSession(session: Session): void; onClose(): void }) {
  return (
    <Dialog titleId="login-dialog-title" onClose={onClose}>
      <LoginForm titleId="login-dialog-title" title="Log in" onSession={onSession} onCancel={onClose} />
    </Dialog>
  );
}
