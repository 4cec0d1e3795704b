# An object store that speaks S3, with one bucket.
ARG BASE
FROM $BASE AS minio
COPY minio /usr/local/bin/
RUN mkdir -p /data/registry
VOLUME /data
EXPOSE 9000
ENTRYPOINT ["minio"]
CMD ["server", "/data", "--address", ":9000"]
