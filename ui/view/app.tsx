import { useEffect, useMemo, useState } from "preact/hooks";
import { usePages } from "../hooks/use-pages.ts";
import { useRoute } from "../hooks/use-route.ts";
import { repositoryPages } from "../registry/listing.ts";
import { connect, type Session } from "../registry/registry.ts";
import type { Route } from "../registry/route.ts";
import { Announcer, announce } from "./announcer.tsx";
import { Header } from "./header.tsx";
import { LoginDialog } from "./login-dialog.tsx";
import { LoginForm } from "./login-form.tsx";
import { Empty } from "./notice.tsx";
import { Repositories } from "./repositories.tsx";
import { Repository } from "./repository.tsx";
import { Welcome } from "./welcome.tsx";

/** The whole ui: the session, and the repository and image in the address. */
export function App({ host }: { host: string }) {
  const route = useRoute();
  const [session, setSession] = useState<Session>();
  const [asksLogin, setAsksLogin] = useState(false);
  const registry = useMemo(() => connect(location.origin, session), [session]);
  const catalogue = usePages((signal) => repositoryPages(registry, signal), [registry]);
  useTitle(route, host);

  const enter = (to: Session | undefined) => {
    setAsksLogin(false);
    setSession(to);
    announce(to === undefined ? "Logged out" : `Logged in as ${to.account}`);
  };
  const askLogin = () => setAsksLogin(true);
  const locked = route.kind === "catalogue" && catalogue.failure?.kind === "unauthorized";

  return (
    <div class={`shell at-${route.kind}`}>
      <Header host={host} session={session} onLogIn={askLogin} onLogOut={() => enter(undefined)} />
      {locked ? (
        <main class="lone">
          <LoginForm titleId="login-title" title="Log in to see the repositories" onSession={enter} />
        </main>
      ) : (
        <>
          <Repositories catalogue={catalogue} host={host} route={route} onLogIn={askLogin} />
          <main class="panes">
            {route.kind === "catalogue" && <Welcome host={host} />}
            {route.kind === "unknown" && <Empty title={`“${route.text}” is not the name of an image`} />}
            {(route.kind === "repository" || route.kind === "image") && (
              <Repository key={route.repository} registry={registry} host={host} route={route} onSession={enter} />
            )}
          </main>
        </>
      )}
      <Announcer />
      {asksLogin && <LoginDialog onSession={enter} onClose={() => setAsksLogin(false)} />}
    </div>
  );
}

function useTitle(route: Route, host: string): void {
  const title = "repository" in route ? `${route.repository} · ${host}` : host;
  useEffect(() => {
    document.title = title;
  }, [title]);
}
