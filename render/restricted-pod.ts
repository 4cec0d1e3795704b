/**
 * The settings of a pod without access to the Kubernetes API, within the pod security standard `restricted`. `user` is the id of
 * its user and group; `volumes` says who owns the files of its volumes.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export function restrictedPod<Volumes extends object>(user: number, volumes?: Volumes) {
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      ...volumes,
      seccompProfile: { type: "RuntimeDefault" },
    },
  };
}
