#!/bin/sh
# As the official image's: a config file means serve, a sub-command goes to registry, anything else is run as it is.
case "$1" in
*.yml | *.yaml) exec registry serve "$@" ;;
serve | garbage-collect | help | -*) exec registry "$@" ;;
*) exec "$@" ;;
esac
