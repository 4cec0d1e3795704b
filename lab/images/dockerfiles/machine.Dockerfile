# A Debian machine as a cloud would hand it out: systemd, sshd (key only), a sudoer. One file, two machines.
ARG BASE
ARG COMPOSE
FROM $COMPOSE AS compose

FROM $BASE AS bare

ENV container=docker DEBIAN_FRONTEND=noninteractive
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      systemd systemd-sysv dbus openssh-server sudo ca-certificates curl openssl \
      iproute2 iptables iputils-ping procps util-linux netbase \
 && rm -rf /var/lib/apt/lists/* /etc/ssh/ssh_host_* \
 # What a container has no use for, what would change the kernel it shares, what would use the network by itself.
 && systemctl mask getty.target console-getty.service systemd-logind.service systemd-remount-fs.service \
      systemd-sysctl.service systemd-modules-load.service sys-kernel-debug.mount sys-kernel-tracing.mount \
      apt-daily.timer apt-daily-upgrade.timer fstrim.timer e2scrub_all.timer dpkg-db-backup.timer \
 && useradd --create-home --gid operator --shell /bin/bash operator \
 && echo 'operator ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/operator
# /etc/lab is mounted from the lab's state: its keys, made on the machine that runs the lab.
# VERBOSE logs every connection, so that a test can count them.
RUN printf '%s\n' 'PasswordAuthentication no' 'PermitRootLogin prohibit-password' 'HostKey /etc/lab/ssh_host_ed25519_key' \
      'AuthorizedKeysFile /etc/lab/authorized_keys' 'StrictModes no' 'LogLevel VERBOSE' 'UseDNS no' \
      >/etc/ssh/sshd_config.d/lab.conf \
 && mkdir -p /etc/systemd/journald.conf.d \
 && printf '[Journal]\nStorage=volatile\nRuntimeMaxUse=32M\n' >/etc/systemd/journald.conf.d/lab.conf
# For the Docker that comes with the next stage, or that somebody installs.
COPY boot dockerd-below-cgroup /usr/local/sbin/
RUN mkdir -p /etc/systemd/system/docker.service.d \
 && printf '[Service]\nExecStart=\nExecStart=/usr/local/sbin/dockerd-below-cgroup -H fd:// --containerd=/run/containerd/containerd.sock\n' \
      >/etc/systemd/system/docker.service.d/lab.conf
STOPSIGNAL SIGRTMIN+3
CMD ["/usr/local/sbin/boot"]

# The same machine with Docker and Compose v2: Debian's Docker, and the plugin Debian 12 has no package of.
FROM bare AS docker
RUN apt-get update \
 && apt-get install -y --no-install-recommends docker.io containerd \
 && rm -rf /var/lib/apt/lists/* \
 && usermod --append --groups docker operator \
 && rm -f /usr/bin/containerd-shim /usr/bin/containerd-shim-runc-v1 /usr/bin/dnet /usr/sbin/ovrouter
COPY --from=compose /docker-compose /usr/libexec/docker/cli-plugins/docker-compose
VOLUME /var/lib/docker /var/lib/containerd
