# Puts this board's part of a campaign in place; it does not begin yet. Arguments: ID OWNER PRIORITY, then for each row
# CELL KIND AT PATIENCE LENGTH LEAD COOL-DOWN LOAD-COUNT LOAD… RUN-COUNT RUN…: the arguments of the scripts that start a load and a run.
# AT is `-` for a row that follows the one before. Answers: laid | exists | busy RUN EPOCH OWNER | refused WHY [DETAIL].
id=$1 owner=$2 priority=$3
shift 3
require_id "$id"
dir=$base/campaigns/$id
if [ -e "$dir/log" ]; then say exists; exit 0; fi
for holder in "$base" /var/lib/rtvm-bench /root/.rtvm-bench /home/*/.rtvm-bench; do
  for other in "$holder"/campaigns/*; do
    if read_runner "$other" && alive "$runner_pid" "$runner_started" "$runner_boot"; then
      its_owner= its_epoch=
      { read -r its_epoch its_owner <"$other/by"; } 2>/dev/null
      say "busy ${other##*/} $its_epoch $its_owner"
      exit 0
    fi
  done
done
if [ "$priority" != - ] && command -v chrt >/dev/null 2>&1; then
  chrt -f "$priority" true 2>/dev/null || { say "refused rt-priority $priority"; exit 0; }
fi
umask 022
rm -rf "$dir"
if ! mkdir -p "$dir" 2>/dev/null; then say "refused not-writable $dir"; exit 0; fi
fails() { rm -rf "$dir"; say "refused disk-full $dir"; exit 0; }
say "$(date +%s) $owner" >"$dir/by" || fails
lay_texts || fails
: >"$dir/rows"
while [ $# -gt 0 ]; do
  cell=$1
  printf '%s %s %s %s %s %s %s\n' "$1" "$2" "$3" "$4" "$5" "$6" "$7" >>"$dir/rows" || fails
  shift 7
  for part in load run; do
    left=$1
    shift
    while [ "$left" -gt 0 ]; do
      printf '%s\n' "$1" >>"$dir/$cell.$part" || fails
      shift
      left=$((left - 1))
    done
  done
done
# Kept free, so that a full disk still leaves room for the last words.
dd if=/dev/zero of="$dir/spare" bs=1024 count=64 2>/dev/null || fails
: >"$dir/laid"
say laid
