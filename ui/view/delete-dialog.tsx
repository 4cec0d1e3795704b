import { useState } from "preact/hooks";
import { useLoaded } from "../hooks/use-loaded.ts";
import { deleteManifest, tagsOn } from "../registry/deletion.ts";
import { asFailure, type Failure } from "../registry/failure.ts";
import type { Registry } from "../registry/registry.ts";
import { isDigest } from "../registry/route.ts";
import { Dialog } from "./dialog.tsx";
import { ImageName } from "./image-name.tsx";
import { FailureNotice } from "./notice.tsx";

type DeleteDialogArgs = {
  registry: Registry;
  repository: string;
  digest: string;
  /** The tag or digest by which the image was opened. */
  reference: string;
  tags: string[];
  onDeleted(what: string): void;
  onClose(): void;
};

/** Asks before an image is deleted, and lists the tags that are deleted with it. */
export function DeleteDialog(args: DeleteDialogArgs) {
  const { registry, repository, digest, reference, tags, onDeleted, onClose } = args;
  const [asked, setAsked] = useState(0);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<Failure>();
  const {
    value: deletedTags,
    failure,
    retry,
  } = useLoaded((signal) => tagsOn(digest, tags, { registry, repository, signal, onProgress: setAsked }), [digest]);

  const remove = async (which: string, what: string) => {
    setBusy(true);
    setFailed(undefined);
    try {
      await deleteManifest(registry, repository, which);
      onDeleted(what);
    } catch (thrown) {
      setFailed(asFailure(thrown));
      setBusy(false);
    }
  };
  const all =
    deletedTags === undefined || deletedTags.length < 2
      ? "Delete the image"
      : `Delete the image and its ${deletedTags.length} tags`;

  return (
    <Dialog titleId="delete-title" onClose={onClose}>
      <h2 id="delete-title">Delete this image?</h2>
      <p>
        <code>
          <ImageName name={`${repository}@${digest}`} />
        </code>
      </p>
      {failure && <FailureNotice failure={failure} retry={retry} />}
      {!failure && deletedTags === undefined && (
        <p role="status">
          Looking for its tags: {asked.toLocaleString("en")} of {tags.length.toLocaleString("en")} asked…
        </p>
      )}
      {deletedTags && <DeletedTags tags={deletedTags} />}
      {failed && (
        <p class="wrong" role="alert">
          {failed.message}
        </p>
      )}
      <div class="actions">
        <button type="button" onClick={onClose}>
          Cancel
        </button>
        {deletedTags && deletedTags.length > 1 && !isDigest(reference) && (
          <button type="button" disabled={busy} onClick={() => remove(reference, `the tag ${reference}`)}>
            Remove only the tag {reference}
          </button>
        )}
        <button
          type="button"
          class="danger"
          disabled={busy || deletedTags === undefined}
          onClick={() => remove(digest, "the image")}
        >
          {all}
        </button>
      </div>
    </Dialog>
  );
}

function DeletedTags({ tags }: { tags: string[] }) {
  if (tags.length === 0)
    return <p>No tag leads to it. An image of several platforms may hold it, and can't be pulled then.</p>;
  return (
    <>
      <p>{tags.length === 1 ? "This tag goes with it:" : `These ${tags.length} tags lead to it, and go with it:`}</p>
      <ul class="deleted-tags">
        {tags.map((tag) => (
          <li key={tag}>{tag}</li>
        ))}
      </ul>
    </>
  );
}
