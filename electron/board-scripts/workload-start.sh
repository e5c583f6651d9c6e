# Starts a workload, detached; one at a time. Arguments: KIND SECONDS OWNER NEED_KIB COMMAND…, in which @FOLDER@ stands for a
# folder for its temporary files. Answers: started | exists KIND EPOCH OWNER | busy RUN EPOCH OWNER | refused WHY [DETAIL].
kind=$1 seconds=$2 owner=$3 need_kib=$4
shift 4
case $kind in '' | *[!a-z-]*) say "refused bad-kind"; exit 0 ;; esac
case $seconds in '' | *[!0-9]*) say "refused bad-seconds"; exit 0 ;; esac

for holder in "$base" /var/lib/rtvm-bench /root/.rtvm-bench /home/*/.rtvm-bench; do
  if watched "$holder/workload"; then
    { read -r its_kind its_epoch its_seconds && read -r its_owner; } <"$holder/workload/record" 2>/dev/null
    say "exists $its_kind $its_epoch $its_owner"
    exit 0
  fi
  if read_lock "$holder" && alive "$lock_pid" "$lock_started" "$lock_boot"; then say "busy $lock_run $lock_epoch $lock_owner"; exit 0; fi
  if read_change "$holder" && change_is_fresh; then say "busy $change_id $change_epoch $change_owner"; exit 0; fi
done

# What is missing, named for what it was looked for by.
missing=
need() { command -v "$1" >/dev/null 2>&1 || missing="$missing $1"; }
# The compiler knows where its headers are. Without one, that is what is missing.
need_header() {
  command -v gcc >/dev/null 2>&1 || return 0
  printf '#include <%s>\n' "$1" | gcc -E -x c - >/dev/null 2>&1 || missing="$missing $1"
}
need setsid
need awk
source=
case $kind in
  busy-loop) ;;
  kernel-compile)
    # The newest by its own name, wherever it lies; a name holds no slash.
    source=$(
      for file in /usr/src/linux-source-*.tar.* /usr/src/linux-[0-9]*.tar.* /usr/src/linux-source-*/linux-source-*.tar.* "$base"/sources/linux-*.tar.*; do
        [ -f "$file" ] && printf '%s/%s\n' "${file##*/}" "$file"
      done | sort -V | tail -n 1
    )
    source=${source#*/}
    for tool in tar make gcc flex bison bc nproc; do need "$tool"; done
    case $source in *.xz) need xz ;; *.bz2) need bzip2 ;; *.gz) need gzip ;; *.zst) need zstd ;; esac
    need_header libelf.h
    need_header openssl/opensslv.h ;;
  *) need "$1" ;;
esac
if [ -n "$missing" ]; then say "refused no-tool$missing"; exit 0; fi
if [ "$kind" = kernel-compile ] && [ -z "$source" ]; then say "refused no-source $base/sources"; exit 0; fi

dir=$base/workload
umask 022
# What an earlier one left behind: it has ended, or the board was started again since.
if [ -e "$dir" ] && ! end_workload "$dir"; then say "refused not-removed $dir"; exit 0; fi
if ! { mkdir -p "$base" && mkdir "$dir"; } 2>/dev/null; then say "refused not-writable $dir"; exit 0; fi
available=$(df -Pk "$dir" | { read -r heading; read -r device blocks used available rest; say "${available:-0}"; })
if [ "$available" -lt "$need_kib" ]; then rm -rf "$dir"; say "refused disk-full $available"; exit 0; fi
for argument; do
  shift
  [ "$argument" != @FOLDER@ ] || argument=$dir/temporary
  set -- "$@" "$argument"
done
case $kind in
  busy-loop) shown='while :; do :; done' ;;
  kernel-compile) shown="tar -xf $source; make x86_64_defconfig; while true; do make -j$(($(nproc) * 2)); make clean; done" ;;
  *) shown=$* ;;
esac
if ! { worker_text >"$dir/worker.sh" && printf '%s\n' "$kind $(date +%s) $seconds" "$owner" "$shown" >"$dir/record"; }; then
  rm -rf "$dir"
  say "refused disk-full $available"
  exit 0
fi

launched=
if [ "$(id -u)" = 0 ] && [ -d /run/systemd/system ] && command -v systemd-run >/dev/null 2>&1; then
  systemd-run --quiet --collect --unit=rtvm-bench-workload --description="RTVM Bench workload $kind" --property=KillMode=mixed --property=TimeoutStopSec=20 \
    sh "$dir/worker.sh" watch "$base" "$kind" "$seconds" "$source" "$@" >"$dir/log" 2>&1 </dev/null && launched=1
fi
if [ -z "$launched" ]; then
  setsid sh "$dir/worker.sh" watch "$base" "$kind" "$seconds" "$source" "$@" >>"$dir/log" 2>&1 </dev/null &
fi
tries=0
while [ ! -e "$dir/runner" ] && [ "$tries" -lt 150 ]; do
  sleep 0.1 2>/dev/null || sleep 1
  tries=$((tries + 1))
done
if [ -e "$dir/runner" ]; then say started; else say "refused silent"; fi
exit 0
