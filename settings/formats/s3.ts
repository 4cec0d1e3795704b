import { z } from "zod";

/** The name of an S3 bucket. `example` is one for the error message. */
export function bucketName(example: string) {
  return z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, `a bucket's name, as in ${example}`)
    .describe("The bucket, which exists");
}

export const Region = z
  .string()
  .regex(/^[a-z0-9-]+$/, "a region, as in eu-central-1")
  .default("us-east-1")
  .describe("The bucket's region");
