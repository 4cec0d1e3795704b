import { expect, it } from "vitest";
import { answerProblem } from "../../../../operations/new-stack/new-settings.ts";
import { questions } from "../../../../operations/new-stack/questions.ts";

it.each(questions)("answerProblem › accepts the example of $option", (question) => {
  expect(answerProblem(question, question.example)).toBeUndefined();
});

it("answerProblem › says by the stack file's own rule why an answer is invalid", () => {
  expect(answerProblem(questions[0], "https://registry.example.org")).toContain("no scheme, no path");
});
