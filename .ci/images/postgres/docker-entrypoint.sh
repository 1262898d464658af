#!/usr/bin/env bash
# As in the official image: POSTGRES_USER, POSTGRES_PASSWORD(_FILE), POSTGRES_DB, POSTGRES_INITDB_ARGS, PGDATA and
# /docker-entrypoint-initdb.d; as root it hands over to the user postgres.
set -euo pipefail

[[ ${1:-} == -* ]] && set -- postgres "$@"
if [[ ${1:-} == postgres && $(id -u) == 0 ]]; then
  mkdir -p "$PGDATA" /var/run/postgresql
  chown -R postgres:postgres "$PGDATA" /var/run/postgresql
  chmod 700 "$PGDATA"
  exec setpriv --reuid postgres --regid postgres --init-groups "$0" "$@"
fi
if [[ ${1:-} == postgres && ! -s $PGDATA/PG_VERSION ]]; then
  [[ -n ${POSTGRES_PASSWORD_FILE:-} ]] && POSTGRES_PASSWORD=$(<"$POSTGRES_PASSWORD_FILE")
  : "${POSTGRES_USER:=postgres}" "${POSTGRES_DB:=$POSTGRES_USER}" "${POSTGRES_PASSWORD:?POSTGRES_PASSWORD is not set}"
  eval 'initdb --username="$POSTGRES_USER" --pwfile=<(printf "%s\n" "$POSTGRES_PASSWORD") --auth-host=scram-sha-256 --auth-local=trust '"${POSTGRES_INITDB_ARGS:-}"
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  pg_ctl -D "$PGDATA" -w -o "-c listen_addresses=''" start
  psql=(psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --no-password)
  [[ $POSTGRES_DB == postgres ]] || "${psql[@]}" -d postgres -c "CREATE DATABASE \"$POSTGRES_DB\""
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      *.sh) if [[ -x $file ]]; then "$file"; else . "$file"; fi ;;
      *.sql) "${psql[@]}" -d "$POSTGRES_DB" -f "$file" ;;
      *.sql.gz) gunzip -c "$file" | "${psql[@]}" -d "$POSTGRES_DB" ;;
    esac
  done
  pg_ctl -D "$PGDATA" -m fast -w stop
fi
exec "$@"
