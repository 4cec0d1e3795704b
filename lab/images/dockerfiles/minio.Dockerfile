# An object store that speaks S3, with one bucket. While there is a file /stopped, it is down, and its machine is not.
ARG BASE
FROM $BASE AS minio
COPY minio /usr/local/bin/
RUN mkdir -p /data/registry
VOLUME /data
EXPOSE 9000
CMD ["sh", "-c", "while :; do minio server /data --address :9000; while [ -e /stopped ]; do sleep 0.1; done; done"]
