/** The value of the lab's label: who may take a container down. */
export function owner(): string {
  return process.env.CONTAINER_REGISTRY_LAB_OWNER ?? `run-${process.pid}`;
}
