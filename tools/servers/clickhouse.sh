# ClickHouse for tools/servers/start, which sources this.
#
#   TRUEUP_TEST_CLICKHOUSE    ClickHouse's engine from npm's chdb, behind clickhouse.js
#
# The package (0.5 GB) is kept in the cache folder.
chdb_version=3.4.0

# Installs the package once; another start that wants it waits.
install_chdb() {
  local folder=$1
  mkdir -p "$folder"
  exec 8> "$folder.lock"
  flock 8
  if [ ! -e "$folder/ready" ]; then
    say "servers: installing chdb $chdb_version (once)"
    echo '{ "private": true }' > "$folder/package.json"
    (cd "$folder" && npm install --no-audit --no-fund "chdb@$chdb_version") > "$folder.log" 2>&1 8>&- || return 1
    touch "$folder/ready"
  fi
  exec 8>&-
}

start_clickhouse() {
  local name=clickhouse folder=$cache/chdb-$chdb_version try pid
  command -v node >/dev/null && command -v npm >/dev/null ||
    { unavailable ClickHouse "Node.js and npm are not installed (tools/setup test)"; return; }
  install_chdb "$folder" || { unavailable ClickHouse "npm could not install chdb: $(tail -1 "$folder.log")"; return; }
  if ! [ -s "$state/$name/url" ] || ! kill -0 "$(cat "$state/$name/pid")" 2>/dev/null; then
    fresh_folder $name
    # A cluster of this one server, for what only asks that there is one: its engine cannot run DDL on it. Dropped
    # tables and their parts would stay in memory for eight minutes.
    cat > "$state/$name/config.xml" <<'END'
<clickhouse>
  <database_atomic_delay_before_drop_table_sec>5</database_atomic_delay_before_drop_table_sec>
  <remote_servers>
    <test><shard><replica><host>127.0.0.1</host><port>9000</port></replica></shard></test>
  </remote_servers>
  <macros><shard>01</shard><replica>one</replica></macros>
  <graphite_rollup>
    <path_column_name>Path</path_column_name><time_column_name>Time</time_column_name>
    <value_column_name>Value</value_column_name><version_column_name>Timestamp</version_column_name>
    <default><function>avg</function><retention><age>0</age><precision>60</precision></retention></default>
  </graphite_rollup>
</clickhouse>
END
    for try in 1 2 3; do
      rm -rf "$state/$name/data"
      setsid node "$root/tools/servers/clickhouse.js" "$folder" "$state/$name/data" "$state/$name/port" trueup secret \
        "$state/$name/config.xml" > "$state/$name/log" 2>&1 < /dev/null &
      pid=$!
      echo $pid > "$state/$name/pid"
      await 200 $pid test -s "$state/$name/port" && break
      say "servers: $name does not listen, try $try ($(machine_state "$state")): $(tail -3 "$state/$name/log")"
      kill -9 $pid 2> /dev/null || true
    done
    [ -s "$state/$name/port" ] || return 1
    echo "clickhouse://trueup:secret@127.0.0.1:$(cat "$state/$name/port")/default" > "$state/$name/url"
  fi
  echo "export TRUEUP_TEST_CLICKHOUSE=$(cat "$state/$name/url")"
}
