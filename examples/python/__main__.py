"""A registry in a cluster, and the credentials that pods and Jenkins get: docs/use-from-a-program.md."""

import pulumi

# `pulumi package add` prints this line. From git, the package's name starts with the organisation's.
import pulumi_container_registry as registry

config = pulumi.Config()
cluster = {"context": "production"}

team = registry.ClusterRegistry(
    "registry",
    container_registry={"host": "registry.example.org", "account": "jenkins", "requires_auth_for_pull": True},
    variant={"namespace": "dso", "tls": {"kind": "cert-manager", "issuer": "ClusterIssuer/letsencrypt"}},
    accounts=[
        {"name": "jenkins", "push": ["**"]},
        {"name": "reader", "pull": ["**"]},
    ],
    kubernetes=cluster,
)

registry.PullSecrets(
    "pull-secrets",
    pull_secrets=[{"namespace": "apps", "name": "registry", "account": "reader"}],
    endpoint=team.endpoint,
    kubernetes=cluster,
)

registry.JenkinsCredentials(
    "jenkins",
    jenkins={"url": "https://jenkins.example.org", "user": "admin"},
    container_registry={"account": "jenkins"},
    endpoint=team.endpoint,
    jenkins_token=config.require_secret("jenkinsToken"),
)

pulumi.export("imagePrefix", team.image_prefix)
pulumi.export("accounts", team.account_passwords)
