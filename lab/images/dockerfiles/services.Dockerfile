# Fakes for the official images of Let's Encrypt's ACME test server and its DNS server: same path and entrypoint.
FROM scratch AS pebble
COPY pebble /app
ENTRYPOINT ["/app"]

FROM scratch AS pebble-challtestsrv
COPY pebble-challtestsrv /app
ENTRYPOINT ["/app"]
