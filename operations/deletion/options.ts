/** The options of the commands that delete images. */
export const deletionArgs = {
  "dry-run": { type: "boolean", description: "Say what would be deleted, and delete nothing" },
  pods: {
    type: "boolean",
    default: true,
    negativeDescription: "Do not ask the cluster what its pods run; only if none runs images of this registry",
  },
} as const;
