# A machine that builds images and Maven artifacts: the clients', with Maven and what of its plugins a `deploy` of a POM
# needs. They come from Debian, whose repository of them stands in for Maven Central. Groovy is what Jenkinsfiles are in.
ARG BASE
FROM $BASE AS agent
RUN apt-get update \
 && apt-get install -y --no-install-recommends maven libmaven-install-plugin-java libmaven-deploy-plugin-java groovy \
 && rm -rf /var/lib/apt/lists/*
COPY maven-settings.xml /etc/maven/settings.xml
