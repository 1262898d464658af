#!/bin/sh
# As in the official image: /etc/nginx/templates/*.template go through envsubst (variables that are set, no others)
# into /etc/nginx/conf.d, then /docker-entrypoint.d/*.sh run.
set -e
if [ "${1:-}" = nginx ]; then
  defined=$(awk 'BEGIN { for (name in ENVIRON) if (name ~ /^[A-Za-z_][A-Za-z0-9_]*$/) printf "${%s} ", name }')
  for template in /etc/nginx/templates/*.template; do
    if [ -f "$template" ]; then envsubst "$defined" <"$template" >"/etc/nginx/conf.d/$(basename "$template" .template)"; fi
  done
  for script in /docker-entrypoint.d/*.sh; do if [ -x "$script" ]; then "$script"; fi; done
fi
exec "$@"
