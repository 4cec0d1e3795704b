# A fake for the official image docker/compose-bin.
FROM scratch AS compose
COPY docker-compose /
