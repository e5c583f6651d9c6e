# Tells the time since the board was started, in hundredths of a second, and of which start. No clock that somebody may set is in it.
read -r up rest </proc/uptime
hundredths=${up%.*}${up#*.}
say "boot $boot"
say "up $hundredths"
release= version= realtime=
{ read -r release </proc/sys/kernel/osrelease; } 2>/dev/null
{ read -r version </proc/sys/kernel/version; } 2>/dev/null
{ read -r realtime </sys/kernel/realtime; } 2>/dev/null
say "release $release"
say "version $version"
say "realtime $realtime"
exit 0
