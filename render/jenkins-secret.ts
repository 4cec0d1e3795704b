/** What a Secret of the kubernetes-credentials-provider says besides its data. */
export type JenkinsSecretMetadata = { labels: Record<string, string>; annotations: Record<string, string> };

const types = { "username-password": "usernamePassword", "secret-text": "secretText" } as const;

/**
 * Makes a Secret an entry of Jenkins' credentials; its name is the id.
 * @see https://jenkinsci.github.io/kubernetes-credentials-provider-plugin/examples/
 */
export function jenkinsSecretMetadata(kind: keyof typeof types, description: string): JenkinsSecretMetadata {
  return {
    labels: { "jenkins.io/credentials-type": types[kind], "app.kubernetes.io/managed-by": "container-registry" },
    annotations: { "jenkins.io/credentials-description": description },
  };
}
