#!/bin/sh
# As the official image's: options and Traefik's own commands go to traefik, anything else is run as it is.
case "$1" in
-* | healthcheck | version) exec traefik "$@" ;;
*) exec "$@" ;;
esac
