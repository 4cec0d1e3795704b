import { defineCommand } from "citty";
import { commonArgs } from "../common-args.ts";
import { repositoryMatches } from "../contents/globs.ts";
import { durationSeconds } from "../duration.ts";
import { liveStack } from "../live-stack.ts";
import { print } from "../print.ts";
import { accessLog } from "./logs/access-log.ts";
import { type LogEvent, logEvent } from "./logs/log-event.ts";
import { eventsText, eventText } from "./logs/logs-text.ts";

/** `registry logs`: says who pulled and pushed what. */
export const logs = defineCommand({
  meta: {
    name: "logs",
    description: "Say who pulled and pushed what, and what failed, from the proxy's access log",
    details: [
      "What failed comes first. Steps of a pull or push, such as each layer, are left out where they succeed, and so",
      "is the 401 by which every client learns to log in. Of clients without an account a busy proxy logs a sample.",
      "Times are in UTC. docs/health.md",
    ],
    examples: ["logs", "logs --since 24h --account jenkins", "logs --repository 'team-a/**' --follow"],
  },
  args: {
    ...commonArgs,
    follow: { type: "boolean", description: "Go on with what happens from now, until Ctrl-C" },
    since: { type: "string", valueHint: "TIME", default: "1h", description: "How far back, as in 10m or 24h" },
    account: { type: "string", valueHint: "NAME", description: "Only this account's; anonymous: without one" },
    repository: { type: "string", valueHint: "GLOB", description: "Only of repositories that match, as in team-a/**" },
  },
  run: async ({ args }) => {
    const options = { seconds: durationSeconds(args.since, "--since"), follow: args.follow ?? false };
    const stack = await liveStack(args);
    const since = new Date(Date.now() - options.seconds * 1000).toISOString();
    const events: LogEvent[] = [];
    await accessLog(stack, options, (line) => {
      const event = logEvent(line);
      if (event === undefined || event.at < since || !isMeant(event, args)) return;
      if (options.follow) console.log(args.json ? JSON.stringify(event) : eventText(event));
      else events.push(event);
    });
    events.sort((a, b) => a.at.localeCompare(b.at));
    if (!options.follow) print(args, { events }, eventsText(events));
  },
});

type Filter = { account?: string | undefined; repository?: string | undefined };

function isMeant(event: LogEvent, { account, repository }: Filter): boolean {
  return (
    (account === undefined || (event.account ?? "anonymous") === account) &&
    (repository === undefined || (event.repository !== undefined && repositoryMatches(repository, event.repository)))
  );
}
