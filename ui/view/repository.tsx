import { useState } from "preact/hooks";
import { useLoaded } from "../hooks/use-loaded.ts";
import { usePages } from "../hooks/use-pages.ts";
import { mayDelete } from "../registry/deletion.ts";
import { tagPages } from "../registry/listing.ts";
import type { Registry, Session } from "../registry/registry.ts";
import { hashOf, type Route } from "../registry/route.ts";
import { announce } from "./announcer.tsx";
import { DeleteDialog } from "./delete-dialog.tsx";
import { ImagePane } from "./image-pane.tsx";
import { LoginForm } from "./login-form.tsx";
import { TagsPane } from "./tags-pane.tsx";

type RepositoryArgs = {
  registry: Registry;
  host: string;
  route: Extract<Route, { repository: string }>;
  onSession(session: Session): void;
};

/** One repository: its tags, and the opened image beside them. */
export function Repository({ registry, host, route, onSession }: RepositoryArgs) {
  const { repository } = route;
  const tags = usePages((signal) => tagPages(registry, repository, signal), [registry, repository]);
  const allowed = useLoaded((signal) => mayDelete(registry, repository, signal), [registry, repository]);
  const [deleting, setDeleting] = useState<{ digest: string; reference: string }>();

  if (tags.failure?.kind === "unauthorized")
    return (
      <div class="lone">
        <LoginForm titleId="login-title" title={`Log in to see ${repository}`} onSession={onSession} />
      </div>
    );
  const reference = route.kind === "image" ? route.reference : undefined;
  const onDeleted = (what: string) => {
    setDeleting(undefined);
    announce(`Deleted ${what}`);
    location.hash = hashOf(repository);
    tags.reload();
  };

  return (
    <>
      <TagsPane registry={registry} host={host} repository={repository} tags={tags} open={reference} />
      {reference !== undefined && (
        <ImagePane
          key={reference}
          registry={registry}
          host={host}
          repository={repository}
          reference={reference}
          onDelete={
            allowed.value === true && tags.complete ? (digest) => setDeleting({ digest, reference }) : undefined
          }
        />
      )}
      {deleting && (
        <DeleteDialog
          {...deleting}
          registry={registry}
          repository={repository}
          tags={tags.names}
          onDeleted={onDeleted}
          onClose={() => setDeleting(undefined)}
        />
      )}
    </>
  );
}
