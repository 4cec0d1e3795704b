import { defineCommand } from "citty";
import { commonArgs } from "../common-args.ts";
import { bytesPerSecond } from "../copy/rate-limit.ts";
import { patternsIn, requirePrefix, selectPairs } from "../copy/selection.ts";
import { exitCodes } from "../exit-codes.ts";
import { OperationError, UsageError } from "../operation-error.ts";
import { print } from "../print.ts";

/** `registry copy`: brings images of another registry into the stack's. */
export const copy = defineCommand({
  meta: {
    name: "copy",
    description: "Copy images of another registry into this one",
    details: [
      "Copies by digest, with every platform, signature and SBOM, what the stack's registry lacks; then compares",
      "both sides. Whatever ends it, the same command goes on where it ended. A tag that names another image",
      "than at the source is moved; what the stack's registry has more stays. regctl has to be on this machine's",
      "PATH. Credentials for FROM are REGISTRY_COPY_USERNAME and REGISTRY_COPY_PASSWORD, or those of docker login.",
      "docs/moving-in.md",
    ],
    examples: [
      "copy nexus.example.org:8082                          # all of it",
      "copy harbor.example.org/shop --to shop               # what is below shop",
      "copy docker.io/library --match 'nginx:1.*,redis:7' --to hub   # Docker Hub lists no repositories",
      "copy --from-stack old --match 'team-a/**'",
      "copy nexus.example.org:8082 --check                  # only compare",
    ],
    exits: {
      [exitCodes.failed]: "failed, or the sides still differ; the message says why, and what to do",
      [exitCodes.changesNeeded]: "with --check: the sides differ; nothing was copied",
    },
  },
  args: {
    ...commonArgs,
    from: {
      type: "positional",
      required: false,
      description:
        "HOST[:PORT][/PATH], with http:// before it where it has no TLS. PATH is left out of the copies' names",
    },
    "from-stack": { type: "string", valueHint: "NAME", description: "Instead of FROM: the registry of another stack" },
    match: {
      type: "string",
      default: "**",
      valueHint: "GLOB[,GLOB…]",
      description:
        "Only REPOSITORIES or REPOSITORIES:TAGS, below PATH. In repositories * is one segment, ** any number",
    },
    to: { type: "string", valueHint: "PREFIX", description: "Copy below this path" },
    parallel: { type: "string", default: "4", valueHint: "NUMBER", description: "Images at a time" },
    "limit-rate": { type: "string", valueHint: "RATE", description: "Bytes each second from FROM, as in 10MB" },
    check: { type: "boolean", description: "Compare both sides, and copy nothing" },
  },
  run: async ({ args }) => {
    if ((args.from === undefined) === (args["from-stack"] === undefined))
      throw new UsageError("say from where: FROM or --from-stack NAME");
    const patterns = patternsIn(args.match);
    if (args.to !== undefined) requirePrefix(args.to);
    if (!/^([1-9]|[1-5]\d|6[0-4])$/.test(args.parallel)) throw new UsageError("--parallel is a number from 1 to 64");

    const limit = args["limit-rate"] === undefined ? {} : { bytesPerSecond: bytesPerSecond(args["limit-rate"]) };

    const { openSource } = await import("../copy/source.ts");
    const { openStack } = await import("../copy/stack-side.ts");
    const { copyRepositories } = await import("../copy/copy-repositories.ts");
    const { compareAll } = await import("../copy/compare-all.ts");
    const { copyReportText } = await import("../copy/copy-report.ts");

    const other = { stack: args["from-stack"] };
    const source = args.from === undefined ? { ...(await openStack(other)), path: "" } : await openSource(args.from);
    using sourceApi = source.api;
    const destination = await openStack(args);
    using destinationApi = destination.api;
    if (source.host === destination.host)
      throw new OperationError(
        `${source.host} is the stack's own registry; copy from another, or name the other stack: --stack`,
      );

    const copying = {
      source,
      destination,
      pairs: await selectPairs(source, patterns, args.to ?? ""),
      parallel: Number(args.parallel),
      ...limit,
    };
    const result = args.check ? { ...(await compareAll(copying)), copied: 0 } : await copyRepositories(copying);
    const report = {
      from: sourceApi.url,
      to: destinationApi.url,
      repositories: copying.pairs.length,
      copied: result.copied,
      agreed: result.agreed,
      differences: result.differences.map(({ pair, tag, problem }) => ({ repository: pair.to, tag, problem })),
    };
    print(args, report, copyReportText(report));
    if (report.differences.length === 0) return exitCodes.done;
    return args.check ? exitCodes.changesNeeded : exitCodes.failed;
  },
});
