# Puts the image of a new VM on the board, below the folder that vm-make.sh said. Arguments: VERB NAME …
#   list NAME URL                         the publisher's list of checksums, then a line `status N`
#   fetch NAME URL FILE ALGORITHM SUM     fetches it as FILE; `at BYTES TOTAL` (0: not known) while it comes, `checking`, then
#                                         have PATH | refused WHY …. Called again it goes on with what is there.
#   prepare NAME FILE BYTES               makes room for one that is sent: have PATH | put HAVE_BYTES PATH | refused WHY …
#   take NAME FILE ALGORITHM SUM          checks what was sent: have PATH | refused WHY …
#   use NAME PATH ALGORITHM SUM           checks one that is on the board (SUM `-`: not known): have PATH SUM | refused WHY …
# Follows run-common.sh and vm-record.sh. ALGORITHM: sha256 | sha512.
verb=$1
require_record "$2"
hold "$(recorded started)" "$(recorded owner)"
directory=$(recorded directory)
have() { command -v "$1" >/dev/null 2>&1; }

sum_of() { case $2 in sha256 | sha512) said=$("${2}sum" <"$1") && say "${said%% *}" ;; esac; }

# From here to its place in one step, so that what bears the name is whole.
put_in_place() {
  chown 0:0 "$part" && chmod 0644 "$part" && mv -f "$part" "$target" || { say "refused not-writable $target"; exit 0; }
  if have restorecon; then restorecon "$target" 2>/dev/null; fi
  record phase image
  say "have $target"
}
check_and_put() {
  say checking
  got=$(sum_of "$part" "$1")
  if [ "$got" != "$2" ]; then
    rm -f "$part"
    say "refused checksum $got"
    exit 0
  fi
  put_in_place
}
name_target() {
  case $1 in '' | [!A-Za-z0-9]* | *[!A-Za-z0-9._-]*) say "refused bad-name"; exit 0 ;; esac
  target=$directory/$1 part=$directory/$1.part
  mkdir -p "$directory" 2>/dev/null
  if [ -L "$part" ] || [ -L "$target" ]; then say "refused not-writable $target"; exit 0; fi
  record_file "$part"
  record_file "$target"
  [ ! -f "$target" ] || { record phase image; say "have $target"; exit 0; }
}
# Bytes that are still to come, and what the first start of a VM writes, must fit.
require_room() {
  free=$(free_kib "$directory")
  need=$((($1 + 1023) / 1024 + 2097152))
  [ "$free" -ge "$need" ] || { say "refused disk-full $free $need $directory"; exit 0; }
}

case $verb in
  list)
    case $3 in https:*) only='=https' ;; *) only='=http,https' ;; esac
    # What a checksum is worth depends on how it came: never by an unprotected way where the address is a protected one.
    if have curl; then curl -fsSL --proto "$only" --proto-redir "$only" --max-time 60 --max-filesize 4194304 --url "$3" 2>&1
    elif have wget; then wget -q -T 60 -O - "$3" 2>&1
    else say "refused no-fetcher"; exit 0
    fi
    status=$?
    say
    say "status $status" ;;
  fetch)
    url=$3 algorithm=$5 sum=$6
    stop_worker
    name_target "$4"
    total=0
    if have curl; then headers=$(curl -fsSIL --max-time 60 --url "$url" 2>/dev/null); elif have wget; then headers=$(wget -S --spider -T 60 "$url" 2>&1); else say "refused no-fetcher"; exit 0; fi
    length=$(printf '%s\n' "$headers" | tr -d '\r' | sed -n 's/^ *[Cc]ontent-[Ll]ength: *\([0-9][0-9]*\).*/\1/p' | tail -n 1)
    total=${length:-0}
    there=$(size_of "$part")
    if [ "$total" -gt 0 ] && [ "$there" -gt "$total" ]; then rm -f "$part"; there=0; fi
    if [ "$total" -gt "$there" ]; then require_room $((total - there)); else require_room 0; fi
    umask 022
    worker=
    trap '[ -z "$worker" ] || kill "$worker" 2>/dev/null; exit 1' TERM
    start_time $$ && printf '%s %s %s\n' $$ "$started" "$boot" >"$dir/fetcher"
    attempt=1
    while :; do
      if [ "$total" -gt 0 ] && [ "$(size_of "$part")" = "$total" ]; then status=0; break; fi
      # Its output goes to a file: it does not end with this connection.
      if have curl; then curl -fsSL -C - --connect-timeout 60 --speed-limit 1 --speed-time 120 -o "$part" --url "$url" >"$dir/said" 2>&1 </dev/null &
      else wget -q -c -T 120 -O "$part" "$url" >"$dir/said" 2>&1 </dev/null &
      fi
      worker=$!
      start_time "$worker"
      printf '%s %s %s\n' "$worker" "$started" "$boot" >"$dir/worker"
      round=0
      while start_time "$worker"; do
        say "at $(size_of "$part") $total" || exit 1
        round=$((round + 1))
        [ $((round % 60)) -ne 0 ] || still_held "$(recorded started)" "$(recorded owner)"
        sleep 0.5 2>/dev/null || sleep 1
      done
      wait "$worker"
      status=$?
      rm -f "$dir/worker"
      # 33: this server cannot go on in the middle of a file (curl(1)).
      if [ "$status" = 33 ]; then rm -f "$part"
      elif [ "$status" = 0 ] || [ "$attempt" -ge 3 ]; then break
      fi
      attempt=$((attempt + 1))
    done
    rm -f "$dir/fetcher"
    if [ "$status" != 0 ]; then
      free=$(free_kib "$directory")
      if [ "$free" -lt 64 ]; then say "refused disk-full $free 0 $directory"; exit 0; fi
      [ -s "$part" ] || rm -f "$part"
      say "refused fetch $status $(in_a_line <"$dir/said")"
      exit 0
    fi
    say "at $(size_of "$part") $total"
    check_and_put "$algorithm" "$sum" ;;
  prepare)
    name_target "$3"
    there=$(size_of "$part")
    if [ "$there" -gt "$4" ]; then rm -f "$part"; there=0; fi
    require_room $(($4 - there))
    # The one who logs in sends it, into this file and no other.
    owner=${SUDO_UID:-0}
    case $owner in *[!0-9]*) owner=0 ;; esac
    umask 077
    { : >>"$part"; } 2>/dev/null && chown "$owner" "$part" && chmod 600 "$part" || { say "refused not-writable $part"; exit 0; }
    say "put $there $part" ;;
  take)
    name_target "$3"
    [ -f "$part" ] || { say "refused no-file $part"; exit 0; }
    chown 0:0 "$part"
    check_and_put "$4" "$5" ;;
  use)
    path=$3 algorithm=$4 sum=$5
    if [ ! -f "$path" ] || [ ! -r "$path" ]; then say "refused no-file $path"; exit 0; fi
    for domain in $(libvirt list --all --uuid 2>/dev/null); do
      libvirt domblklist "$domain" --details 2>/dev/null | grep -qE "^ *(file|block) .* disk .*" || continue
      if libvirt dumpxml "$domain" 2>/dev/null | grep -qF "<source file='$path'"; then say "refused in-use $(libvirt domname "$domain" | tr -d '\n')"; exit 0; fi
    done
    if [ "$sum" != - ]; then
      got=$(sum_of "$path" "$algorithm")
      [ "$got" = "$sum" ] || { say "refused checksum $got"; exit 0; }
    fi
    record phase image
    say "have $path" ;;
  *) exit 2 ;;
esac
exit 0
