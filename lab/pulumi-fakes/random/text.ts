import { randomInt } from "node:crypto";

/** Which characters, and how many of each class at least. */
export type TextParameters = {
  length: number;
  upper: boolean;
  minUpper: number;
  lower: boolean;
  minLower: number;
  numeric: boolean;
  minNumeric: number;
  special: boolean;
  minSpecial: number;
  /** @default !@#$%&*()-_=+[]{}<>:? */
  overrideSpecial: string;
};

const upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const lower = "abcdefghijklmnopqrstuvwxyz";
const numbers = "0123456789";
const specialByDefault = "!@#$%&*()-_=+[]{}<>:?";

/** @see terraform-provider-random: internal/random/string.go */
export function randomText(wanted: TextParameters): string {
  const special = wanted.overrideSpecial || specialByDefault;
  const allowed = [
    wanted.upper ? upper : "",
    wanted.lower ? lower : "",
    wanted.numeric ? numbers : "",
    wanted.special ? special : "",
  ].join("");
  if (allowed === "") throw new Error("the character set specified is empty");

  const least = [
    ...pick(upper, wanted.minUpper),
    ...pick(lower, wanted.minLower),
    ...pick(numbers, wanted.minNumeric),
    ...pick(special, wanted.minSpecial),
  ];
  return shuffled([...least, ...pick(allowed, wanted.length - least.length)]).join("");
}

function pick(characters: string, count: number): string[] {
  const set = [...characters];
  return Array.from({ length: count }, () => set[randomInt(set.length)] ?? "");
}

function shuffled(items: string[]): string[] {
  const rest = [...items];
  return items.flatMap(() => rest.splice(randomInt(rest.length), 1));
}
