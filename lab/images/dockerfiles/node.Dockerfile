# A machine of the lab as a node of Kubernetes: what a node of kind has, and for the control plane its four programs.
ARG BASE
FROM $BASE AS node

RUN apt-get update \
 && apt-get install -y --no-install-recommends runc containernetworking-plugins etcd-server conntrack ethtool jq \
 && rm -rf /var/lib/apt/lists/* \
 && systemctl disable etcd.service
COPY containerd containerd-shim-runc-v2 ctr crictl kubelet kube-proxy kubectl \
     kube-apiserver kube-controller-manager kube-scheduler /usr/local/bin/
COPY node/units/ /etc/systemd/system/
COPY node/bin/ /usr/local/lib/cluster/
COPY node/containerd.toml /etc/containerd/config.toml
COPY node/one-core.conf /etc/systemd/system.conf.d/
COPY node/kubelet.yaml /etc/kubernetes/kubelet.yaml
RUN printf 'runtime-endpoint: unix:///run/containerd/containerd.sock\n' >/etc/crictl.yaml \
 && mkdir -p /etc/containerd/certs.d /var/lib/etcd \
 && systemctl enable containerd kubelet kube-proxy node-network node-volumes \
      etcd kube-apiserver kube-controller-manager kube-scheduler load-balancer
VOLUME /var/lib/containerd
