import { basename } from "node:path";
import { defineCommand } from "citty";
import { loginOf } from "../cloud-init/login.ts";
import { commonArgs, givenPath } from "../common-args.ts";
import { stackName } from "../live-stack.ts";
import { askOpenQuestions } from "../new-stack/ask.ts";
import { finishNewProject } from "../new-stack/finish-new-project.ts";
import { newSettings } from "../new-stack/new-settings.ts";
import { nextSteps } from "../new-stack/next-steps.ts";
import { type Answers, questions, textWithExample } from "../new-stack/questions.ts";
import { readStackFile, stackFilePath, writeSettings } from "../new-stack/stack-file.ts";
import { print } from "../print.ts";

/** `registry init`: writes the stack file of a registry on a machine of its own. */
export const init = defineCommand({
  meta: {
    name: "init",
    description: "Write a new stack's file, for a registry on a machine of its own",
    details: [
      "Asks in the terminal for what the options below leave open, and checks each answer as `pulumi up` would.",
      "It writes below the salt that `pulumi stack init` has written, makes no secret, connects to nothing, and never",
      "changes a stack file that has settings.",
    ],
    examples: [
      "init                                         # asks",
      "init --cloud-init user-data.yaml             # takes user and host key from there, and asks for the rest",
      'init --host registry.example.org --address 203.0.113.5 --host-key "ssh-ed25519 AAAA…" --email ops@example.org',
    ],
  },
  args: {
    ...optionsOfQuestions(),
    "cloud-init": {
      type: "string",
      valueHint: "FILE",
      description: "User data of `registry cloud-init`: user, host key",
    },
    "finish-new": {
      type: "boolean",
      description: "Only turn the answers to `pulumi new` into settings, in each stack file that has them; npm does",
    },
    ...commonArgs,
  },
  run: async ({ args }) => {
    if (args["finish-new"]) return finishNewProject();
    const stack = await stackName(args);
    const file = await readStackFile(args["config-file"] ? givenPath(args["config-file"]) : stackFilePath(stack));
    const login = args["cloud-init"] ? await loginOf(givenPath(args["cloud-init"])) : {};
    const answers = await askOpenQuestions({ ...file.answers, ...login, ...givenAnswers(args) });
    const { keys, secrets } = newSettings(answers);
    await writeSettings(file, keys);
    const name = basename(file.path);
    print(
      args,
      { stack, file: file.path, keys, secrets },
      [`wrote ${name}; what is left:`, ...nextSteps(secrets)].join("\n  "),
    );
  },
});

type QuestionOption = (typeof questions)[number]["option"];

function optionsOfQuestions() {
  return Object.fromEntries(
    questions.map((question) => [
      question.option,
      { type: "string", valueHint: question.option.toUpperCase(), description: textWithExample(question) },
    ]),
  ) as Record<QuestionOption, { type: "string"; valueHint: string; description: string }>;
}

function givenAnswers(args: { [option in QuestionOption]?: string | undefined }): Answers {
  return Object.fromEntries(
    questions.flatMap(({ option, path }) => (args[option] === undefined ? [] : [[path, args[option]]])),
  );
}
