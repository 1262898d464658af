#!/bin/sh
# As in the official image: options alone mean redis-server; as root it hands over to the user redis.
set -e
case ${1:-} in -* | *.conf) set -- redis-server "$@" ;; esac
if [ "${1:-}" = redis-server ] && [ "$(id -u)" = 0 ]; then
  chown -R redis:redis . 2>/dev/null || true
  exec setpriv --reuid redis --regid redis --init-groups "$0" "$@"
fi
exec "$@"
