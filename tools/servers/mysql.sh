# MySQL and MariaDB for tools/servers/start, which sources this.
#
#   TRUEUP_TEST_MARIADB       the MariaDB that this system installs
#   TRUEUP_TEST_MARIADB_ODD   the same with lower_case_table_names=1 and other modes
#   TRUEUP_TEST_MARIADB_118   MariaDB 11.8 in a root of its own
#   TRUEUP_TEST_MYSQL         MySQL 9 in a root of its own
#
# Each has a user root without password and an empty database `trueup`.
mysql_options="--bind-address=127.0.0.1 --skip-log-bin --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0 \
--innodb-buffer-pool-size=64M --performance-schema=OFF --max-connections=200 --event-scheduler=OFF \
--character-set-server=utf8mb4"

mysql_running() { [ -s "$state/$1/url" ] && [ -s "$state/$1/pid" ] && kill -0 "$(cat "$state/$1/pid")" 2>/dev/null; }

# Waits until the server of that name and process answers on its port, then makes the database and notes the URL.
mysql_ready() {
  local name=$1 port=$2 pid=$3
  if ! await 600 "$pid" mariadb --no-defaults --protocol=tcp --host=127.0.0.1 --port="$port" --user=root --skip-ssl \
      -e 'create database if not exists trueup'; then
    say "servers: $name does not answer ($(machine_state "$state")): $(tail -3 "$state/$name/log" 2>/dev/null)"
    return 1
  fi
  echo "mysql://root@127.0.0.1:$port/trueup" > "$state/$name/url"
}

# start_mariadb_here NAME VARIABLE [OPTIONS]
start_mariadb_here() {
  local name=$1 variable=$2 options=${3:-} port user=
  command -v mariadb >/dev/null && PATH=$PATH:/usr/sbin command -v mariadbd >/dev/null ||
    { unavailable MariaDB "not installed (tools/setup test)"; return; }
  if ! mysql_running "$name"; then
    fresh_folder "$name"
    if is_root; then chown mysql "$state/$name"; user=--user=mysql; fi
    port=$(free_port)
    # A server that starts deletes the temporary tables that it finds, other servers' too: each gets its own folder.
    mariadb-install-db --no-defaults $user --datadir="$state/$name/data" --tmpdir="$state/$name" --auth-root-authentication-method=normal \
      --skip-test-db > "$state/$name/install.log" 2>&1 || { cat "$state/$name/install.log" >&2; return 1; }
    PATH=$PATH:/usr/sbin setsid mariadbd --no-defaults $user --datadir="$state/$name/data" --tmpdir="$state/$name" \
      --socket="$state/$name/s.sock" --port="$port" --pid-file="$state/$name/pid" $mysql_options $options \
      > "$state/$name/log" 2>&1 < /dev/null &
    mysql_ready "$name" "$port" $!
  fi
  echo "export $variable=$(cat "$state/$name/url")"
}
start_mariadb_local() {
  start_mariadb_here mariadb TRUEUP_TEST_MARIADB
  start_mariadb_here mariadb_odd TRUEUP_TEST_MARIADB_ODD \
    "--lower-case-table-names=1 --sql-mode=ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT"
}

# start_mysql_in_root NAME VARIABLE TITLE RELEASE PACKAGE INSTALL_COMMAND DAEMON [OPTIONS]
start_mysql_in_root() {
  local name=$1 variable=$2 title=$3 release=$4 package=$5 install=$6 daemon=$7 options=${8:-} port
  root_for "$title" "$release" "$package" || return 0
  if ! mysql_running "$name"; then
    fresh_folder "$name"
    port=$(free_port)
    in_root "$cache/$release" "chown mysql /srv/trueup && $install > /srv/trueup/install.log 2>&1" "$state/$name" ||
      { cat "$state/$name/install.log" >&2; return 1; }
    # Outside of the root the process has the same number: only the mounts are apart.
    in_root "$cache/$release" "exec setsid $daemon --no-defaults --user=mysql --datadir=/srv/trueup/data \
      --socket=/srv/trueup/s.sock --port=$port --pid-file=/srv/trueup/pid $mysql_options $options" "$state/$name" \
      > "$state/$name/log" 2>&1 < /dev/null &
    mysql_ready "$name" "$port" $!
  fi
  echo "export $variable=$(cat "$state/$name/url")"
}

start_mariadb_118() {
  start_mysql_in_root mariadb_118 TRUEUP_TEST_MARIADB_118 "MariaDB 11.8" trixie mariadb-server \
    "mariadb-install-db --no-defaults --user=mysql --datadir=/srv/trueup/data \
      --auth-root-authentication-method=normal --skip-test-db" mariadbd
}

start_mysql() {
  start_mysql_in_root mysql TRUEUP_TEST_MYSQL "MySQL 9" sid mysql-server \
    "mysqld --no-defaults --initialize-insecure --user=mysql --datadir=/srv/trueup/data" mysqld "--mysqlx=OFF"
}
