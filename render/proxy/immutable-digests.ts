import { type Block, block } from "../caddy/block.ts";
import { globPattern, tagGlobPattern } from "./globs.ts";
import { ownSite } from "./immutable-tag-sites.ts";
import type { ImmutableTagGlobs } from "./proxy-config.ts";

/**
 * The site that answers whether an immutable tag needs a digest: 403 if a tag names it, or names an index or a
 * signature that has it in its text, otherwise 200. It reads the storage's files by a template, since the registry has
 * no such question in its API.
 */
export function immutableDigestsSite(immutableTags: readonly ImmutableTagGlobs[], storageRoot: string): Block {
  return ownSite("digests", [
    "@reference path_regexp digest ^/v2/(?P<repository>.+)/manifests/(?P<reference>[^/]+)$",
    "header Content-Type text/plain",
    block("templates", [`root ${storageRoot}`]),
    `respond @reference \`${template(immutableTags)}\``,
    "error 404",
  ]);
}

// A space follows each opening brace: Caddy takes a brace with a dollar sign for an environment variable.
function template(immutableTags: readonly ImmutableTagGlobs[]): string {
  const patterns = immutableTags.map(({ repository, tag }) => `${globPattern(repository)} ${tagGlobPattern(tag)}`);
  return [
    '{{ $repository := placeholder "http.regexp.digest.repository"}}',
    '{{ $digest := placeholder "http.regexp.digest.reference"}}',
    '{{if not (fileExists "/")}}{{httpError 500}}{{end}}',
    '{{ $tags := printf "/docker/registry/v2/repositories/%s/_manifests/tags" $repository}}',
    "{{if fileExists $tags}}{{range $tag := listFiles $tags}}",
    `{{if regexMatch "^(?:${patterns.join("|").replaceAll("\\", "\\\\")})$" (printf "%s %s" $repository $tag)}}`,
    '{{ $link := printf "%s/%s/current/link" $tags $tag}}',
    "{{if fileExists $link}}{{ $named := trim (readFile $link)}}",
    "{{if eq $named $digest}}{{httpError 403}}{{end}}",
    '{{ $parts := splitn ":" 2 $named}}',
    '{{ $manifest := printf "/docker/registry/v2/blobs/%s/%s/%s/data" $parts._0 (substr 0 2 $parts._1) $parts._1}}',
    "{{if fileExists $manifest}}{{if contains $digest (readFile $manifest)}}{{httpError 403}}{{end}}{{end}}",
    "{{end}}{{end}}{{end}}{{end}}",
  ].join("");
}
