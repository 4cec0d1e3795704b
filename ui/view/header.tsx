import type { Session } from "../registry/registry.ts";

type HeaderArgs = { host: string; session: Session | undefined; onLogIn(): void; onLogOut(): void };

/** The registry's host and the logged-in account. */
export function Header({ host, session, onLogIn, onLogOut }: HeaderArgs) {
  return (
    <header class="top">
      <a class="brand" href="#/">
        <svg class="mark" viewBox="0 0 16 16" aria-hidden="true">
          <rect width="16" height="16" rx="4" />
          <path d="M4 5h8M4 8h8M4 11h5" />
        </svg>
        <span class="host">{host}</span>
      </a>
      <div class="who">
        {session === undefined ? (
          <button type="button" onClick={onLogIn}>
            Log in
          </button>
        ) : (
          <>
            <span class="account" title="Logged in">
              {session.account}
            </span>
            <button type="button" onClick={onLogOut}>
              Log out
            </button>
          </>
        )}
      </div>
    </header>
  );
}
