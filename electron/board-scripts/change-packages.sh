# Installs and removes packages, detached: a lost link never leaves a package half unpacked. Arguments: VERB …
#   list                             `name version` of every installed package
#   hosts                            addresses of the package sources; `mirrors` when they are lists of mirrors
#   lost NAME=VERSION…               those that no source of the board has any more, a line each (APT only)
#   put KEY NAME OFFSET BASE64       a piece of a package file; answers `at BYTES` | refused WHY
#   sum KEY NAME                     answers `sum BYTES SHA256`
#   start KEY SOURCE PROXY WAIT WORD…  begins, or finds the same work going on; +NAME installs, -NAME removes.
#                                    SOURCE: board | proxy | folder. Answers started | running | busy RUN EPOCH OWNER | refused WHY
#   follow KEY FROM                  the log from a byte on, until the work ends
#   state KEY                        running | ended STATUS | killed | none
#   cancel KEY                       stops it where nothing has been unpacked yet: stopped | goes-on
#   drop KEY                         removes what it left behind
verb=$1
if [ "$verb" = list ]; then
  if command -v dpkg-query >/dev/null 2>&1; then
    dpkg-query -W -f '${db:Status-Status} ${binary:Package} ${Version}\n' | sed -n 's/^installed //p'
  elif command -v rpm >/dev/null 2>&1; then
    # Several kernels are installed side by side: each has a line of its own, and their name one that does not change.
    rpm -qa --qf '%{NAME} %{EPOCHNUM}:%{VERSION}-%{RELEASE}.%{ARCH}\n' | sed -e 's/^gpg-pubkey .*//' -e '/^$/d' \
      -e 's/^\(kernel[^ ]*\) [0-9]*:\(.*\)$/\1 installed\n\1-\2 \2/' -e 's/ 0:/ /' | sort -u
  else
    exit 66
  fi
  exit 0
fi

if [ "$verb" = hosts ]; then
  if command -v apt-get >/dev/null 2>&1; then
    apt-get --print-uris update 2>/dev/null | sed -n "s/^'\(https\{0,1\}:[^']*\)' .*/\1/p" | sort -u
  else
    sed -n 's/^\(baseurl\|mirrorlist\|metalink\)[[:blank:]]*=[[:blank:]]*//p' /etc/yum.repos.d/*.repo 2>/dev/null | sort -u
    say mirrors
  fi
  exit 0
fi

if [ "$verb" = lost ]; then
  shift
  command -v apt-cache >/dev/null 2>&1 || exit 0
  for word; do
    apt-cache madison "${word%%=*}" 2>/dev/null | cut -d '|' -f 2 | tr -d ' ' | grep -qxF -- "${word#*=}" || say "$word"
  done
  exit 0
fi

key=$2
require_id "$key"
dir=$base/packages/$key
case $verb in
  put | sum)
    case $3 in '' | .* | *[!A-Za-z0-9._-]*) say "refused bad-name"; exit 0 ;; esac
    file=$dir/files/$3 ;;
esac

working() { read_runner "$dir" && alive "$runner_pid" "$runner_started" "$runner_boot"; }

case $verb in
  put)
    umask 077
    mkdir -p "$dir/files" 2>/dev/null || { say "refused not-writable $dir"; exit 0; }
    if [ "$4" = 0 ]; then : >"$file"; fi
    size=$(wc -c <"$file")
    # A piece that came twice, its answer having been lost, is not written twice.
    if [ "$((size))" = "$4" ]; then
      printf '%s' "$5" | base64 -d >>"$file" || { say "refused disk-full $dir"; exit 0; }
      size=$(wc -c <"$file")
    fi
    say "at $((size))" ;;
  sum)
    size=$(wc -c <"$file")
    said=$(sha256sum "$file")
    say "sum $((size)) ${said%% *}" ;;
  start)
    if working; then say running; exit 0; fi
    for holder in "$base" /var/lib/rtvm-bench /root/.rtvm-bench /home/*/.rtvm-bench; do
      if read_lock "$holder" && alive "$lock_pid" "$lock_started" "$lock_boot"; then
        say "busy $lock_run $lock_epoch $lock_owner"
        exit 0
      fi
    done
    if ! command -v apt-get >/dev/null 2>&1 && ! command -v dnf >/dev/null 2>&1; then say "refused no-manager"; exit 0; fi
    source=$3 proxy=$4 wait_seconds=$5
    shift 5
    umask 077
    mkdir -p "$dir" 2>/dev/null && { : >"$dir/log"; } 2>/dev/null || { say "refused not-writable $dir"; exit 0; }
    rm -f "$dir/exit" "$dir/runner"
    printf '%s\n' "$proxy" >"$dir/proxy"
    worker_text >"$dir/worker.sh" || { say "refused disk-full $dir"; exit 0; }
    launched=
    if [ -d /run/systemd/system ] && command -v systemd-run >/dev/null 2>&1; then
      systemd-run --quiet --collect --unit="rtvm-bench-packages-$key" --description="RTVM Bench packages" \
        --property=KillMode=mixed sh "$dir/worker.sh" "$dir" "$source" "$wait_seconds" "$@" >>"$dir/log" 2>&1 </dev/null && launched=1
    fi
    if [ -z "$launched" ]; then
      session=
      command -v setsid >/dev/null 2>&1 && session=setsid
      $session sh "$dir/worker.sh" "$dir" "$source" "$wait_seconds" "$@" >>"$dir/log" 2>&1 </dev/null &
    fi
    tries=0
    while [ ! -e "$dir/runner" ] && [ ! -e "$dir/exit" ] && [ $tries -lt 150 ]; do
      sleep 0.1 2>/dev/null || sleep 1
      tries=$((tries + 1))
    done
    if [ -e "$dir/runner" ] || [ -e "$dir/exit" ]; then say started; else say "refused silent"; fi ;;
  follow)
    [ -e "$dir/log" ] || exit 66
    working || exec tail -c "+$3" "$dir/log"
    if tail --pid=$$ -c 0 /dev/null >/dev/null 2>&1; then exec tail -c "+$3" -f -s 0.5 --pid="$runner_pid" "$dir/log"; fi
    tail -c "+$3" -f "$dir/log" &
    tail=$!
    while kill -0 "$tail" 2>/dev/null && alive "$runner_pid" "$runner_started" "$runner_boot"; do sleep 1; done
    sleep 2
    kill "$tail" 2>/dev/null
    wait "$tail"
    exit 0 ;;
  state)
    if working; then say running
    elif [ -e "$dir/exit" ]; then read -r status <"$dir/exit"; say "ended $status"
    elif [ -e "$dir/runner" ]; then say killed
    else say none
    fi ;;
  cancel)
    tries=0
    while working && [ $tries -lt 50 ]; do
      kill -TERM "$runner_pid" 2>/dev/null
      sleep 0.1 2>/dev/null || sleep 1
      tries=$((tries + 1))
    done
    if working; then say goes-on; else say stopped; fi ;;
  drop)
    if working; then say running; exit 0; fi
    rm -rf "$dir"
    rmdir "$base/packages" 2>/dev/null
    say dropped ;;
  *) exit 2 ;;
esac
exit 0
