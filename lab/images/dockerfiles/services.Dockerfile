# The lab's ACME server and its DNS server.
FROM scratch AS services
COPY pebble pebble-challtestsrv /
