import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { asFailure, type Failure } from "../registry/failure.ts";
import { logIn, type Session } from "../registry/registry.ts";

type LoginFormArgs = {
  title: string;
  titleId: string;
  onSession(session: Session): void;
  /** @default no Cancel button */
  onCancel?(): void;
};

/** Asks for an account and its password, which stay in memory until they are exchanged for a token. */
export function LoginForm({ title, titleId, onSession, onCancel }: LoginFormArgs) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const account = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => account.current?.focus(), []);

  const onSubmit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    setFailure(undefined);
    try {
      onSession(await logIn(location.origin, String(form.get("account")), String(form.get("password"))));
    } catch (thrown) {
      setFailure(asFailure(thrown));
      setBusy(false);
    }
  };

  return (
    <form class="login" aria-labelledby={titleId} onSubmit={onSubmit}>
      <h2 id={titleId}>{title}</h2>
      <label>
        Account
        <input ref={account} name="account" autocomplete="username" autocapitalize="none" spellcheck={false} required />
      </label>
      <label>
        Password
        <input name="password" type="password" autocomplete="current-password" required />
      </label>
      {failure && (
        <p class="wrong" role="alert">
          {failure.kind === "unauthorized" ? "The account or the password is wrong." : failure.message}
        </p>
      )}
      <div class="actions">
        {onCancel && (
          <button type="button" onClick={onCancel}>
            Cancel
          </button>
        )}
        <button type="submit" class="main" disabled={busy}>
          {busy ? "Logging in…" : "Log in"}
        </button>
      </div>
    </form>
  );
}
