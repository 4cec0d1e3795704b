import { describe } from "vitest";
import { changed, existingStack, hostStack, traefikImages } from "../stacks.ts";
import { accepts, refuses } from "./rows.ts";

const traefik = changed(hostStack, {
  "variant.proxy": "traefik",
  "variant.images": traefikImages,
  "containerRegistry.requiresAuthForPull": true,
});
const rotation = { generation: 2, date: "2027-01-15" };

describe("rotations", () => {
  refuses(hostStack, [
    [{ rotations: { other: rotation } }, "rotations.other: no such account"],
    [{ rotations: { jenkins: { ...rotation, generation: 0 } } }, "rotations.jenkins.generation = 0: 1 or more"],
    [{ rotations: { jenkins: { ...rotation, previous: "here" } } }, "rotations.jenkins.previous"],
    [{ rotateEvery: "3 months" }, 'rotateEvery = "3 months": a number of days, as in 90d'],
  ]);
  refuses(existingStack, [
    [{ rotateEvery: "90d" }, 'rotateEvery = "90d": an existing registry\'s passwords are created elsewhere'],
  ]);
  refuses(traefik, [
    [
      { rotations: { jenkins: { ...rotation, previous: "valid" } } },
      'rotations.jenkins.previous = "valid": traefik knows one password a name, so two never work at a time',
    ],
  ]);
  accepts(hostStack, [
    { rotations: { jenkins: { ...rotation, previous: "current" } } },
    { rotations: { jenkins: { ...rotation, previous: "given-out" } } }, // written by version 0.1
    { rotateEvery: "90d" },
  ]);
  accepts(traefik, [{ rotations: { jenkins: rotation } }]);
});
