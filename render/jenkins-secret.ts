/** The metadata of a Secret for Jenkins' kubernetes-credentials-provider plugin. */
export type JenkinsSecretMetadata = { labels: Record<string, string>; annotations: Record<string, string> };

const types = { "username-password": "usernamePassword", "secret-text": "secretText" } as const;

/**
 * The metadata that makes a Secret a Jenkins credential, whose id is the Secret's name.
 * @see https://jenkinsci.github.io/kubernetes-credentials-provider-plugin/examples/
 */
export function jenkinsSecretMetadata(kind: keyof typeof types, description: string): JenkinsSecretMetadata {
  return {
    labels: { "jenkins.io/credentials-type": types[kind], "app.kubernetes.io/managed-by": "container-registry" },
    annotations: { "jenkins.io/credentials-description": description },
  };
}
