# What Ansible can reach: sshd, a sudoer, Python.
ARG BASE
FROM $BASE AS ansible-node

ENV DEBIAN_FRONTEND=noninteractive
RUN apt-get update \
 && apt-get install -y --no-install-recommends openssh-server sudo python3 \
 && rm -rf /var/lib/apt/lists/* /etc/ssh/ssh_host_* \
 && mkdir -p /run/sshd \
 && useradd --create-home --gid operator --shell /bin/bash operator \
 && echo 'operator ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/operator \
 && printf '%s\n' 'PasswordAuthentication no' 'PermitRootLogin prohibit-password' 'HostKey /etc/lab/ssh_host_ed25519_key' \
      'AuthorizedKeysFile /etc/lab/authorized_keys' 'StrictModes no' 'LogLevel VERBOSE' 'UseDNS no' \
      >/etc/ssh/sshd_config.d/lab.conf
